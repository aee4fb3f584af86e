import { useSpeech } from '../language/translate.ts';

export type MarkState = 'waiting' | 'moving' | 'done' | 'overdue' | 'unknown' | 'refused';

/**
 * The state of a thing as a shape, then a word, then a colour, in that order of reliance. Drawn,
 * not typed: a font may lack the characters, and then the shape would be an empty box.
 */
export function Mark({ state, word = true }: { state: MarkState; word?: boolean }) {
  const { t } = useSpeech();
  const name = t(`mark.${state}`);
  return (
    <span className={`mark mark-${state}`}>
      <svg
        viewBox="0 0 16 16"
        {...(word ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name })}
      >
        {shapes[state]}
      </svg>
      {word ? <span>{name}</span> : null}
    </span>
  );
}

const ring = <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.8" />;

const shapes: Record<MarkState, React.ReactNode> = {
  waiting: ring,
  moving: (
    <>
      {ring}
      <path d="M8 8V2.4A5.6 5.6 0 0 1 13.6 8Z" fill="currentColor" />
    </>
  ),
  done: <circle cx="8" cy="8" r="6.4" fill="currentColor" />,
  overdue: <path d="M8 1.6 15.2 14.2H0.8Z" fill="currentColor" />,
  // A closed gate. Not red: red is kept for what is overdue and for people who are held.
  refused: (
    <>
      {ring}
      <path d="M4.4 8h7.2" stroke="currentColor" strokeWidth="2" />
    </>
  ),
  unknown: (
    <path
      d="M5.2 5.6a2.9 2.9 0 1 1 4.1 2.6C8.3 8.7 8 9.2 8 10.1M8 12.6v1.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
    />
  ),
};
