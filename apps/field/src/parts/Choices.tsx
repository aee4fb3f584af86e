import type { JSX } from 'preact';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** A second line in smaller type. */
  readonly note?: string;
}

interface ChoicesProps {
  readonly label: string;
  readonly name: string;
  readonly choices: readonly Choice[];
  readonly chosen: string | null;
  readonly onChoose: (value: string) => void;
  /** Beside each other rather than below each other. */
  readonly row?: boolean;
  /** Where a heading says the same already. */
  readonly quiet?: boolean;
}

/** One of several, all of them in sight. */
export function Choices(props: ChoicesProps): JSX.Element {
  const look = ['choices', ...(props.row === true ? ['choices-row'] : [])];
  if (props.quiet === true) look.push('choices-quiet');
  return (
    <fieldset class={look.join(' ')}>
      <legend>{props.label}</legend>
      <div class="choices-list">
        {props.choices.map(({ value, label, note }) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={props.chosen === value}
              onChange={() => props.onChoose(value)}
            />
            <span class="choice-text">
              {label}
              {note === undefined ? null : <small>{note}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
