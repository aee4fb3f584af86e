import { useAsOf } from '../board/overview.tsx';
import { formatMoment } from './format.ts';
import { useSpeech } from './translate.ts';

/** Writes an instant as people here do: the clock for today, the date beside it otherwise. */
export function useMoments(): (at: number | null | undefined) => string {
  const { language } = useSpeech();
  const now = useAsOf();
  return (at) => (at === null || at === undefined ? '–' : formatMoment(at, now, language));
}
