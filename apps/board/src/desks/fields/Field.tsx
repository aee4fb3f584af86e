import type { ReactNode } from 'react';
import {
  Button,
  Checkbox,
  CheckboxGroup,
  Input,
  Label,
  Radio,
  RadioGroup,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components';
import type { Schema } from '../../api/types.ts';
import { useDomain } from '../../language/domain.ts';
import { useSpeech } from '../../language/translate.ts';
import { Choice } from '../../parts/Choice.tsx';
import {
  constantsOf,
  type DraftObject,
  emptyDraft,
  type FieldKind,
  fieldKind,
  scannedLines,
  withoutNull,
} from '../form-values.ts';
import { CodeField, CodesField } from './CodeField.tsx';
import { CtField } from './CtField.tsx';
import { HolderField } from './HolderField.tsx';
import { PlaceField } from './PlaceField.tsx';
import { ReferenceField } from './ReferenceField.tsx';
import { FieldError, FieldLabel, type FieldProps, useFieldWords } from './field-parts.tsx';
import { Suggested } from './Suggested.tsx';

/** One field of an act's form, asked for in the way that suits what it holds. */
export function Field(props: FieldProps): ReactNode {
  const kind = fieldKind(props.name, props.schema);
  const choices = props.choices?.[props.name];
  if (choices !== undefined) return <Suggested field={props} suggestions={choices} />;
  switch (kind) {
    case 'code':
      return <CodeField {...props} />;
    case 'codes':
      return <CodesField {...props} />;
    case 'choice':
      return <ChoiceField {...props} />;
    case 'choices':
      return <ChoicesField {...props} />;
    case 'switch':
      return <SwitchField {...props} />;
    case 'scan':
      return <ScanField {...props} />;
    case 'bilingual':
    case 'group':
      return <GroupField {...props} />;
    case 'ct':
      return <CtField {...props} />;
    case 'rows':
      return <RowsField {...props} />;
    case 'holder':
      return <HolderField {...props} />;
    case 'place':
      return <PlaceField {...props} />;
    case 'reference':
      return props.fresh === props.name ? (
        <PlainField {...props} kind="text" />
      ) : (
        <ReferenceField {...props} />
      );
    default:
      return <PlainField {...props} kind={kind} />;
  }
}

/**
 * What stands in an empty field. Moments are typed as text: a browser's own field shows them in
 * the language of the machine, not of the screen.
 */
const examples: { readonly [kind in FieldKind]?: string } = {
  instant: '2022-04-24 14:05',
  day: '2022-04-24',
};

function PlainField(props: FieldProps & { kind: FieldKind }) {
  const { kind, draft, onChange, required, autoFocus = false, schema } = props;
  const { t } = useSpeech();
  const { label, optional, error } = useFieldWords(props);
  const numeric = kind === 'number';
  const hint = props.fresh === props.name ? t('form.id-hint') : null;
  return (
    <TextField
      className={`field field-${kind}`}
      value={String(draft)}
      onChange={onChange}
      isInvalid={error !== null}
      aria-required={required}
      autoFocus={autoFocus}
    >
      <Label>
        <FieldLabel label={label} optional={optional} />
      </Label>
      {kind === 'long-text' ? (
        <TextArea rows={3} />
      ) : (
        <Input
          {...(examples[kind] === undefined ? {} : { placeholder: examples[kind] })}
          {...(numeric ? { inputMode: schema.type === 'integer' ? 'numeric' : 'decimal' } : {})}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {hint === null ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError error={error} />
    </TextField>
  );
}

/** So many choices still read at a glance as buttons; more open as a list. */
const radiosMax = 6;

function ChoiceField(props: FieldProps) {
  const { name, schema, required, draft, onChange } = props;
  const { t } = useSpeech();
  const { valueName } = useDomain();
  const { label, optional, error } = useFieldWords(props);
  const values = (constantsOf(withoutNull(schema).schema) ?? []).map(String);
  const none = required ? [] : [{ id: '', text: t('form.not-stated') }];
  const options = [...none, ...values.map((id) => ({ id, text: valueName(name, id) }))];
  if (options.length > radiosMax) {
    return (
      <Choice
        label={optional === null ? label : `${label} ${optional}`}
        value={String(draft)}
        options={options}
        onChange={onChange}
        placeholder={t('form.choose')}
      />
    );
  }
  return (
    <RadioGroup
      className="field"
      value={String(draft)}
      onChange={onChange}
      isInvalid={error !== null}
      orientation="horizontal"
    >
      <Label>
        <FieldLabel label={label} optional={optional} />
      </Label>
      <div className="radio-line">
        {options.map(({ id, text }) => (
          <Radio key={id} value={id} className="radio">
            {text}
          </Radio>
        ))}
      </div>
      <FieldError error={error} />
    </RadioGroup>
  );
}

function ChoicesField(props: FieldProps) {
  const { name, schema, draft, onChange } = props;
  const { valueName } = useDomain();
  const { label, optional, error } = useFieldWords(props);
  const values = (constantsOf(withoutNull(schema).schema.items ?? {}) ?? []).map(String);
  return (
    <CheckboxGroup
      className="field"
      value={[...(draft as readonly string[])]}
      onChange={onChange}
      isInvalid={error !== null}
    >
      <Label>
        <FieldLabel label={label} optional={optional} />
      </Label>
      <div className="radio-line">
        {values.map((value) => (
          <Checkbox key={value} value={value} className="checkbox">
            {valueName(name, value)}
          </Checkbox>
        ))}
      </div>
      <FieldError error={error} />
    </CheckboxGroup>
  );
}

function SwitchField(props: FieldProps) {
  const { label } = useFieldWords(props);
  return (
    <Checkbox className="checkbox" isSelected={props.draft === true} onChange={props.onChange}>
      {label}
    </Checkbox>
  );
}

/** Codes one a line, as a scanner types them: Enter ends a line, the button sends the form. */
function ScanField(props: FieldProps) {
  const { draft, onChange, autoFocus = false } = props;
  const { t } = useSpeech();
  const { label, optional, error } = useFieldWords(props);
  const lines = scannedLines(String(draft));
  const twice = lines.length - new Set(lines).size;
  return (
    <TextField
      className="field field-scan"
      value={String(draft)}
      onChange={onChange}
      isInvalid={error !== null}
      autoFocus={autoFocus}
    >
      <Label>
        <FieldLabel label={label} optional={optional} />
      </Label>
      <TextArea rows={props.name === 'areas' ? 2 : 6} spellCheck={false} autoComplete="off" />
      <Text slot="description" className="hint">
        {t('form.scanned', { count: lines.length })}
        {twice === 0 ? null : <strong> {t('form.scanned-twice', { count: twice })}</strong>}
      </Text>
      <FieldError error={error} />
    </TextField>
  );
}

function GroupField(props: FieldProps) {
  const { schema, draft, onChange, path, faults } = props;
  const inner = withoutNull(schema).schema;
  const { label, optional, error } = useFieldWords(props);
  const values =
    typeof draft === 'object' && !Array.isArray(draft) ? (draft as DraftObject) : emptyDraft(inner);
  return (
    <fieldset className="field group">
      <legend className="label">
        <FieldLabel label={label} optional={optional} />
      </legend>
      <div className="group-fields">
        {inOrder(inner).map(([name, property]) => (
          <Field
            key={name}
            name={name}
            schema={property}
            required={props.required && inner.required?.includes(name) === true}
            draft={values[name] ?? ''}
            onChange={(next) => onChange({ ...values, [name]: next })}
            path={`${path}/${name}`}
            faults={faults}
          />
        ))}
      </div>
      {error === null ? null : <p className="field-error">{error}</p>}
    </fieldset>
  );
}

/** The Chinese name stands before the English one, as it does on a sign. */
function inOrder({ properties = {} }: Schema): readonly [string, Schema][] {
  return Object.entries(properties).sort(([a], [b]) => Number(b === 'zh') - Number(a === 'zh'));
}

/** Several of the same, each in a row of its own. */
function RowsField(props: FieldProps) {
  const { t } = useSpeech();
  const { schema, draft, onChange, path, faults } = props;
  const { label, error } = useFieldWords(props);
  const items = withoutNull(schema).schema.items ?? {};
  const rows = Array.isArray(draft) ? (draft as readonly DraftObject[]) : [];
  const change = (index: number, row: DraftObject | null) =>
    onChange(rows.flatMap((each, at) => (at !== index ? [each] : row === null ? [] : [row])));
  return (
    <fieldset className="field group">
      <legend className="label">{label}</legend>
      {rows.map((row, index) => (
        <div className="group-fields row-fields" key={index}>
          {Object.entries(items.properties ?? {}).map(([name, property]) => (
            <Field
              key={name}
              name={name}
              schema={property}
              required={items.required?.includes(name) === true}
              draft={row[name] ?? ''}
              onChange={(next) => change(index, { ...row, [name]: next })}
              path={`${path}/${index}/${name}`}
              faults={faults}
            />
          ))}
          <Button className="button quiet" onPress={() => change(index, null)}>
            {t('form.remove-row')}
          </Button>
        </div>
      ))}
      <div>
        <Button className="button" onPress={() => onChange([...rows, emptyDraft(items)])}>
          {t('form.add-row')}
        </Button>
      </div>
      {error === null ? null : <p className="field-error">{error}</p>}
    </fieldset>
  );
}
