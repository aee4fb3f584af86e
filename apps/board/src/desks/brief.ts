import type { Json, JsonObject, SubjectReply } from '../api/types.ts';

/** What to say of a thing first: paths into its state by kind, in the order people ask. */
const paths: { readonly [prefix: string]: readonly string[] } = {
  box: [
    'seal.tubes',
    'receipt.laboratory',
    'receipt.missing',
    'receipt.extra',
    'receipt.broken',
    'receipt.warm',
    'receipt.temperatureCelsius',
    'loss.reason',
  ],
  plate: ['load.laboratory', 'load.by', 'reading.instrument', 'rejection.reason'],
  release: ['released.plate', 'released.laboratory'],
  unit: [
    'declared.facility',
    'declared.bedKind',
    'declared.beds',
    'declared.acceptsChildren',
    'count.occupied',
    'count.free',
    'count.outOfService',
    'count.believedUntil',
  ],
  transfer: [
    'requested.persons',
    'requested.reason',
    'requested.priority',
    'requested.from',
    'requested.destinationKind',
    'triaged.priority',
    'triaged.needs',
    'vehicles',
  ],
  vehicle: ['seats'],
  round: ['areas', 'group', 'poolSize', 'startsAt', 'endsAt'],
  tube: ['seal.round', 'seal.purpose', 'seal.point', 'custody.box', 'plate.plate', 'result.result'],
  entry: ['person', 'disposition', 'reason', 'until'],
  point: ['particulars.pointKind', 'particulars.capacityPerDay', 'closedFor'],
  stay: ['person', 'unit', 'bed', 'transfer', 'severity'],
};

/** The few things that somebody at a desk asks first about a thing. */
export function briefOf({ subject, state }: Pick<SubjectReply, 'subject' | 'state'>): JsonObject {
  const brief: Record<string, Json> = {};
  for (const path of paths[subject.split(':')[0] ?? ''] ?? []) {
    const value = path.split('.').reduce<Json | undefined>(inside, state);
    const name = path.split('.').at(-1) ?? path;
    if (value !== undefined && value !== null) brief[name] = value;
  }
  return brief;
}

function inside(value: Json | undefined, name: string): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return (value as JsonObject)[name];
}
