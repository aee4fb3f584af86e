import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly secret?: boolean;
  /** Brings up digits first. */
  readonly digits?: boolean;
  readonly autoComplete?: 'off' | 'username' | 'current-password';
  readonly autoFocus?: boolean;
  readonly capital?: boolean;
}

/** A field with its name above it. */
export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const shared = {
    id,
    class: 'input',
    value: props.value,
    autoComplete: props.autoComplete ?? 'off',
    autoCapitalize: props.capital === true ? 'characters' : 'none',
    autoFocus: props.autoFocus ?? false,
    spellcheck: false,
  } as const;
  const { onValue } = props;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.secret === true ? (
        <input
          {...shared}
          type="password"
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={props.digits === true ? 'tel' : 'text'}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

/** A field for a sentence or two. */
export function LongField({ label, value, onValue }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="input"
        rows={3}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </div>
  );
}
