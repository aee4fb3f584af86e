import type { JSX } from 'preact';
import { useSpeech } from '../../language/translate.ts';
import { Sign } from '../../parts/Sign.tsx';

interface TubeListProps {
  readonly tubes: readonly string[];
  readonly onTakeOut?: (tube: string) => void;
}

/** Labels of tubes in a box, the latest on top. */
export function TubeList({ tubes, onTakeOut }: TubeListProps): JSX.Element {
  const { t } = useSpeech();
  return (
    <ul class="rows">
      {tubes.map((tube) => (
        <li key={tube} class="row row-plain">
          <Sign name="tube" />
          <span class="row-main" translate={false}>
            {tube}
          </span>
          {onTakeOut === undefined ? null : (
            <button
              type="button"
              class="round"
              aria-label={`${t('courier.take-out')} ${tube}`}
              onClick={() => onTakeOut(tube)}
            >
              <Sign name="cross" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
