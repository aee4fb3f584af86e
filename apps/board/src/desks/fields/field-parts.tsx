import { Text } from 'react-aria-components';
import type { Schema } from '../../api/types.ts';
import { useDomain } from '../../language/domain.ts';
import { useSpeech } from '../../language/translate.ts';
import type { Draft, FormFault } from '../form-values.ts';

export interface Suggestion {
  readonly id: string;
  readonly text: string;
  readonly note?: string;
}

export interface FieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly path: string;
  readonly faults: readonly FormFault[];
  readonly autoFocus?: boolean;
  /** A field that names the new thing itself is typed, not chosen among those there are. */
  readonly fresh?: string | null;
  /** Fields that choose among a few, by what is on record. */
  readonly choices?: { readonly [field: string]: readonly Suggestion[] };
}

/** The words of a field: its name, whether it may be left out, and what is wrong with it. */
export function useFieldWords({ name, required, path, faults }: FieldProps): {
  label: string;
  optional: string | null;
  error: string | null;
} {
  const { t } = useSpeech();
  const { fieldName } = useDomain();
  const own = faults.find((each) => each.path === path);
  return {
    label: fieldName(name),
    optional: required ? null : t('form.optional'),
    error: own === undefined ? null : t(`form.fault-${own.fault}`, { text: own.text ?? '' }),
  };
}

/** A field's name with "may be left out" beside it. */
export function FieldLabel({ label, optional }: { label: string; optional: string | null }) {
  return (
    <>
      {label}
      {optional === null ? null : <span className="optional"> {optional}</span>}
    </>
  );
}

/** What is wrong with a field, tied to it for screen readers. */
export function FieldError({ error }: { error: string | null }) {
  if (error === null) return null;
  return (
    <Text slot="errorMessage" className="field-error">
      {error}
    </Text>
  );
}
