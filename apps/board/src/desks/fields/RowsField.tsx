import { Button } from 'react-aria-components';
import { useSpeech } from '../../language/translate.ts';
import { type DraftObject, emptyDraft, withoutNull } from '../form-values.ts';
import { Field, type FieldProps, useFieldWords } from './Field.tsx';

/** Several of the same, each in a row of its own. */
export function RowsField(props: FieldProps) {
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
