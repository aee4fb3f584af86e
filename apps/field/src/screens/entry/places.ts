import type { Device } from '../../../../../adapters/device/types.ts';
import type { Label } from '../../../../../ledger/room.ts';

/** A place that may be loaded. */
export interface ChoosablePlace {
  readonly code: string;
  readonly kind: string;
  readonly label: Label;
}

/** Places below one; the roots of the tree below none. */
export async function placesBelow(
  device: Device,
  parent: string | null,
): Promise<readonly ChoosablePlace[]> {
  const query = parent === null ? '' : `?parent=${encodeURIComponent(parent)}`;
  const reply = await device.ask(`/v1/places${query}`);
  const { rows } = (reply ?? {}) as { rows?: unknown };
  return Array.isArray(rows) ? rows.filter(isPlace) : [];
}

/** The places of somebody's roles; for those who may work anywhere, the roots of the tree. */
export async function ownPlaces(
  device: Device,
  codes: readonly string[],
): Promise<readonly ChoosablePlace[]> {
  if (codes.length === 0) return placesBelow(device, null);
  const asked = codes.map((code) => device.ask(`/v1/places/${encodeURIComponent(code)}`));
  return (await Promise.all(asked)).filter(isPlace);
}

/** The phone does not trust an answer blindly. */
function isPlace(value: unknown): value is ChoosablePlace {
  const { code, label } = (value ?? {}) as { code?: unknown; label?: unknown };
  return typeof code === 'string' && typeof label === 'object' && label !== null;
}
