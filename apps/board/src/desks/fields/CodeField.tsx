import { Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import { useDomain } from '../../language/domain.ts';
import { scannedLines } from '../form-values.ts';
import { FieldError, FieldLabel, type FieldProps, useFieldWords } from './field-parts.tsx';
import { Suggested } from './Suggested.tsx';

/** Codes that people here use for a field; others may be typed, in small letters with hyphens. */
const usual: { readonly [field: string]: readonly string[] } = {
  basis: ['pool-rule', 'close-contact', 'confirmed-case', 'health-order'],
  reportedTo: ['national-network'],
  what: ['monitoring', 'oxygen', 'antiviral', 'chinese-medicine', 'fluids', 'ventilation'],
  of: ['covid', 'other-disease'],
  reason: [
    'own-result-negative',
    'period-over',
    'appeal-lifted',
    'not-needed',
    'no-show',
    'mistake',
    'delayed',
    'other',
  ],
};

const needs = [
  'dialysis',
  'pregnancy',
  'infant',
  'living-alone',
  'disability',
  'chronic-medicine',
  'mental-health',
  'food',
  'wheelchair',
  'oxygen',
  'interpreter',
];

/** One code among the usual ones, or another typed. */
export function CodeField(props: FieldProps) {
  const { valueName } = useDomain();
  const suggestions = (usual[props.name] ?? []).map((id) => ({
    id,
    text: valueName(props.name, id),
  }));
  return <Suggested field={props} suggestions={suggestions} />;
}

/** Several codes, ticked. */
export function CodesField(props: FieldProps) {
  const { draft, onChange } = props;
  const { valueName } = useDomain();
  const { label, optional, error } = useFieldWords(props);
  const chosen = scannedLines(String(draft));
  const others = chosen.filter((code) => !needs.includes(code));
  return (
    <CheckboxGroup
      className="field"
      value={[...chosen]}
      onChange={(codes) => onChange(codes.join('\n'))}
      isInvalid={error !== null}
    >
      <Label>
        <FieldLabel label={label} optional={optional} />
      </Label>
      <div className="radio-line">
        {[...needs, ...others].map((code) => (
          <Checkbox key={code} value={code} className="checkbox">
            {valueName('notes', code)}
          </Checkbox>
        ))}
      </div>
      <FieldError error={error} />
    </CheckboxGroup>
  );
}
