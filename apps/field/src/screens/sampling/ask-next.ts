import type { Speech } from '../../language/translate.ts';
import type { Said } from '../../parts/Voice.tsx';

/** What the table asks for when nothing was scanned yet. */
export function askNext(
  { isOpen, isFull }: { isOpen: boolean; isFull: boolean },
  { t }: Speech,
): Said {
  if (isFull) return { tone: 'ask', head: t('tube.full'), line: t('tube.full-hint') };
  if (isOpen) {
    return { tone: 'ask', head: t('tube.scan-people'), line: t('tube.scan-people-hint') };
  }
  return { tone: 'ask', head: t('tube.scan-one'), line: t('tube.scan-one-hint') };
}
