import { communities } from './people.ts';

/** Tubes opened by a device under its first numbers, in round R1; places and points as in tests. */
export function openedTubes(device: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `${device}.${String(index + 1).padStart(8, '0')}`,
    kind: 'screening.tube-opened',
    subject: `tube:${device.toUpperCase()}-${index + 1}`,
    place: communities[0],
    deviceId: device,
    deviceSeq: index + 1,
    lamport: index + 1,
    at: 1_700_000_000_000,
    body: { round: 'R1', poolSize: 10, point: 'SP1' },
  }));
}
