import type { FoundCode, Point, Region } from './codes.ts';

/** How a video of some size stands in its element. */
export interface Framing {
  readonly videoWidth: number;
  readonly videoHeight: number;
  readonly shownWidth: number;
  readonly shownHeight: number;
  /** True for `object-fit: cover`, where the element shows the middle of the picture only. */
  readonly cover: boolean;
}

/** SN-3. What the person sees is what is read: the part of the picture that its element shows. */
export function seenRegion(framing: Framing): Region {
  const { videoWidth, videoHeight, shownWidth, shownHeight, cover } = framing;
  const whole = { x: 0, y: 0, width: videoWidth, height: videoHeight };
  if (!cover || shownWidth <= 0 || shownHeight <= 0) return whole;
  const scale = Math.max(shownWidth / videoWidth, shownHeight / videoHeight);
  const width = Math.min(videoWidth, Math.round(shownWidth / scale));
  const height = Math.min(videoHeight, Math.round(shownHeight / scale));
  const x = Math.floor((videoWidth - width) / 2);
  const y = Math.floor((videoHeight - height) / 2);
  return { x, y, width, height };
}

/** SN-3. Of several codes in a picture, the one nearest to its middle is meant. */
export function aimedAt(
  found: readonly FoundCode[],
  size: { readonly width: number; readonly height: number },
): FoundCode | null {
  let nearest: FoundCode | null = null;
  let least = Infinity;
  for (const code of found) {
    const { x, y } = middle(code.corners);
    const distance = Math.hypot(x - size.width / 2, y - size.height / 2);
    if (distance >= least) continue;
    nearest = code;
    least = distance;
  }
  return nearest;
}

function middle(corners: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const corner of corners) {
    x += corner.x / corners.length;
    y += corner.y / corners.length;
  }
  return { x, y };
}
