import { preferences } from '../app/preferences.ts';
import { feedback } from '../scan/feedback.ts';
import type { Said } from './Voice.tsx';

/** Tone and buzz for what is said, so that the eyes can stay on the swab. */
export function told(tone: Said['tone']): void {
  feedback.mute(preferences().muted);
  if (tone === 'wrong') feedback.wrong();
  else if (tone !== 'ask') feedback.right();
}

/** Gets the sound ready at the first touch or key: without one a browser gives none to a scan. */
export function wakeAtFirstTouch(): void {
  for (const sign of ['pointerdown', 'keydown']) {
    addEventListener(sign, () => feedback.wake(), { once: true, capture: true });
  }
}
