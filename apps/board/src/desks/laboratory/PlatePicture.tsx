import { useSpeech } from '../../language/translate.ts';
import { plateColumns, plateRows } from './wells.ts';

export type WellState =
  | 'empty'
  | 'loaded'
  | 'control-positive'
  | 'control-negative'
  | 'negative'
  | 'positive'
  | 'grey'
  | 'invalid';

export interface Well {
  readonly state: WellState;
  /** The tube, or what the well is for. */
  readonly name: string;
  readonly note?: string;
}

interface Props {
  readonly wells: { readonly [well: string]: Well };
  readonly chosen?: string | null;
  readonly onChoose: (well: string) => void;
}

/** A plate as it lies on the bench: 8 rows of 12, each well's state by sign, word and colour. */
export function PlatePicture({ wells, chosen = null, onChoose }: Props) {
  const { t } = useSpeech();
  return (
    <div className="plate">
      <table className="plate-grid" aria-label={t('plate.picture')}>
        <thead>
          <tr>
            <td>
              <span className="hidden">{t('plate.picture')}</span>
            </td>
            {plateColumns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plateRows.map((row) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {plateColumns.map((column) => {
                const well = `${row}${column}`;
                return (
                  <td key={well}>
                    <WellButton
                      well={well}
                      content={wells[well]}
                      chosen={chosen === well}
                      onChoose={onChoose}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <Legend wells={wells} />
    </div>
  );
}

interface WellProps {
  readonly well: string;
  readonly content: Well | undefined;
  readonly chosen: boolean;
  readonly onChoose: (well: string) => void;
}

function WellButton({ well, content, chosen, onChoose }: WellProps) {
  const { t } = useSpeech();
  const state = content?.state ?? 'empty';
  const words = `${well} ${content?.name ?? ''} ${t(`well.${state}`)}`.replace(/\s+/g, ' ');
  return (
    <button
      type="button"
      className={`well well-${state}`}
      aria-label={words}
      aria-pressed={chosen}
      title={content?.note === undefined ? words : `${words} ${content.note}`}
      onClick={() => onChoose(well)}
    >
      <WellSign state={state} />
    </button>
  );
}

/** Signs, not only colours: a dash, a plus, a wave, a cross, and squares for controls. */
function WellSign({ state }: { state: WellState }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
      {signs[state]}
    </svg>
  );
}

const square = <rect x="3.5" y="3.5" width="13" height="13" rx="1" />;

const signs: Record<WellState, React.ReactNode> = {
  empty: <circle cx="10" cy="10" r="6.5" strokeWidth="1" />,
  loaded: <circle cx="10" cy="10" r="6.5" fill="currentColor" fillOpacity="0.35" />,
  'control-positive': (
    <>
      {square}
      <path d="M10 7v6M7 10h6" />
    </>
  ),
  'control-negative': (
    <>
      {square}
      <path d="M7 10h6" />
    </>
  ),
  negative: (
    <>
      <circle cx="10" cy="10" r="6.5" strokeWidth="1" />
      <path d="M7 10h6" />
    </>
  ),
  positive: (
    <>
      <circle cx="10" cy="10" r="8" fill="currentColor" />
      <path d="M10 6.500v7M6.5 10h7" stroke="var(--sheet)" />
    </>
  ),
  grey: (
    <>
      <circle cx="10" cy="10" r="7.5" fill="currentColor" fillOpacity="0.25" />
      <path d="M6 11c1.3-2.6 2.7-2.6 4-1s2.7 1.6 4-1" />
    </>
  ),
  invalid: (
    <>
      <circle cx="10" cy="10" r="7.5" strokeDasharray="3 2" strokeWidth="1.5" />
      <path d="m7.5 7.5 5 5m0-5-5 5" />
    </>
  ),
};

function Legend({ wells }: Pick<Props, 'wells'>) {
  const { t, count } = useSpeech();
  const states = Object.values(wells).map(({ state }) => state);
  const shown = (Object.keys(signs) as WellState[]).filter((state) => states.includes(state));
  return (
    <ul className="plate-legend">
      {shown.map((state) => (
        <li key={state} className={`well-${state}`}>
          <WellSign state={state} />
          {t(`well.${state}`)} {count(states.filter((each) => each === state).length)}
        </li>
      ))}
    </ul>
  );
}
