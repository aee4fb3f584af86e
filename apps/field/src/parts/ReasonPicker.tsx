import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useSpeech } from '../language/translate.ts';
import { Field } from './Field.tsx';

interface ReasonPickerProps {
  readonly reasons: readonly string[];
  readonly action: string;
  readonly onReason: (reason: string) => void;
}

/** A reason by one tap, or in one's own words. */
export function ReasonPicker({ reasons, action, onReason }: ReasonPickerProps): JSX.Element {
  const { t } = useSpeech();
  const [own, setOwn] = useState('');
  const text = own.trim();
  return (
    <>
      <ul class="rows">
        {reasons.map((reason) => (
          <li key={reason}>
            <button type="button" class="row" onClick={() => onReason(reason)}>
              <span class="row-main">{reason}</span>
            </button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text !== '') onReason(text.slice(0, 200));
        }}
      >
        <Field label={t('reason.other')} value={own} onValue={setOwn} />
        <button type="submit" class="button primary" disabled={text === ''}>
          {action}
        </button>
      </form>
    </>
  );
}
