import { foldCode } from '../../../../../kernel/id.ts';
import { labelPattern, type TubeState } from '../../../../../rooms/screening/index.ts';
import { readLabel } from '../../../../../rooms/screening/label.ts';

/** What a scan means while a box is packed or counted. */
export type PackingMeaning =
  | { readonly kind: 'tube'; readonly tube: string }
  /** The box itself again: it is full, or counted. */
  | { readonly kind: 'close' }
  | { readonly kind: 'wrong'; readonly why: 'twice' | 'not-a-tube' | 'misread' };

const form = new RegExp(labelPattern);

/** FA-4. What a scan means at a box: a tube goes in once, the box's own label closes it. */
export function packingMeaning(
  text: string,
  { box, tubes }: { readonly box: string; readonly tubes: readonly string[] },
): PackingMeaning {
  const reading = readLabel(text);
  if (reading.label === box) return { kind: 'close' };
  if (reading.kind === 'misread') return { kind: 'wrong', why: 'misread' };
  const isTube = reading.kind === 'tube' || (reading.kind === 'foreign' && isForeignTube(text));
  if (!isTube) return { kind: 'wrong', why: 'not-a-tube' };
  if (tubes.includes(reading.label)) return { kind: 'wrong', why: 'twice' };
  return { kind: 'tube', tube: reading.label };
}

function isForeignTube(text: string): boolean {
  const label = foldCode(text);
  return form.test(label) && /[A-Z]/.test(label);
}

/** The label of a box in a scan or typed text; null when it cannot be one. */
export function boxLabelOf(text: string): string | null {
  const reading = readLabel(text);
  if (reading.kind === 'box') return reading.label;
  return reading.kind === 'foreign' && form.test(reading.label) ? reading.label : null;
}

/** When the first of these tubes was sealed, as far as this phone knows: delivery counts it. */
export function earliestSealing(tubes: readonly (TubeState | null)[]): number | null {
  const sealedAt = tubes.flatMap((tube) =>
    tube?.seals[0] === undefined ? [] : [tube.seals[0].at],
  );
  return sealedAt.length === 0 ? null : Math.min(...sealedAt);
}
