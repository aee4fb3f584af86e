import { Input, Label, TextField } from 'react-aria-components';
import { useSpeech } from '../../language/translate.ts';
import { ctTargets, type DraftObject } from '../form-values.ts';
import { type FieldProps, useFieldWords } from './field-parts.tsx';

/** Ct by gene, side by side; both left empty is a negative. */
export function CtField(props: FieldProps) {
  const { t } = useSpeech();
  const { draft, onChange } = props;
  const { label, error } = useFieldWords(props);
  const values = draft as DraftObject;
  return (
    <fieldset className="field group">
      <legend className="label">{label}</legend>
      <div className="group-fields">
        {ctTargets.map((target) => (
          <TextField
            key={target}
            className="field field-number"
            value={String(values[target] ?? '')}
            onChange={(text) => onChange({ ...values, [target]: text })}
          >
            <Label>{target}</Label>
            <Input inputMode="decimal" autoComplete="off" />
          </TextField>
        ))}
      </div>
      <span className="hint">{t('form.ct-hint')}</span>
      {error === null ? null : <p className="field-error">{error}</p>}
    </fieldset>
  );
}
