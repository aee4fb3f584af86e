import { useEffect, useState } from 'preact/hooks';
import type { Device } from '../../../../../adapters/device/types.ts';
import type { TubeState } from '../../../../../rooms/screening/index.ts';

/** The tube that stands on the table, by its label. */
export interface TubeInHand {
  readonly label: string | null;
  /** Puts another there, or none; done when its state has been read. */
  readonly take: (label: string | null) => Promise<void>;
}

/** The tube in hand and its state, read again when the device changes; null until it is read. */
export function useTubeInHand(device: Device): [TubeInHand, TubeState | null] {
  const [tube, setTube] = useState<TubeState | null>(null);
  const [hand] = useState(() => handOf(device, setTube));
  useEffect(() => {
    const look = (): void => void hand.look().catch(() => undefined);
    look();
    return device.subscribe(look);
  }, [device, hand]);
  return [hand, tube];
}

function handOf(
  device: Device,
  show: (tube: TubeState | null) => void,
): TubeInHand & { readonly look: () => Promise<void> } {
  let label = device.openTubes()[0] ?? null;
  const look = async (): Promise<void> => {
    const asked = label;
    const tube = asked === null ? null : await device.state<TubeState>(`tube:${asked}`);
    if (asked === label) show(tube);
  };
  return {
    get label() {
      return label;
    },
    take: (next) => {
      label = next;
      return look();
    },
    look,
  };
}
