import fc from 'fast-check';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../kernel/assert.ts';
import type { Fact } from '../../ledger/fact.ts';
import { inOrder } from '../../ledger/order.ts';
import { type ActKind, fold, type Room, type SubjectKind } from '../../ledger/room.ts';
import { arbitraryOf, dayAt, factsOf, recordedAs } from '../../test/support/arbitrary.ts';
import { capacity, capacityCodes } from '../capacity/index.ts';
import { cases } from '../cases/index.ts';
import { transferCodes } from './codes.ts';
import { foldTransfer, foldVehicle, registers } from './fixture.ts';
import { transfer } from './index.ts';

const rooms: readonly Room[] = [cases, capacity, transfer];
const kinds = new Map<string, { kind: SubjectKind; policy: Json }>(
  rooms.flatMap((room) =>
    room.subjects.map((kind) => [kind.prefix, { kind, policy: room.policyDefaults }] as const),
  ),
);
const schemas = new Map(
  rooms.flatMap((room) => room.subjects.flatMap((kind) => Object.entries(kind.facts))),
);
const codes = [...Object.keys(transferCodes), ...Object.keys(capacityCodes)];

function kindOf(subject: string): { kind: SubjectKind; policy: Json; key: string } {
  const [prefix = '', key = ''] = subject.split(':');
  const known = kinds.get(prefix);
  if (known === undefined) throw new Error(`no room owns ${subject}`);
  return { ...known, key };
}

const subjects = ['transfer:a1', 'vehicle:a1', 'vehicle:b2', 'unit:a1', 'person:1', 'person:2'];
/** Any facts of a few transfers, vehicles, units and people that know one another. */
const worlds = fc
  .tuple(...subjects.map((subject) => factsOf(kindOf(subject).kind, kindOf(subject).key, 8)))
  .map((drawn) => new Map(drawn.map((facts, index) => [subjects[index] ?? '', facts])));

function after(world: ReadonlyMap<string, readonly Fact[]>, subject: string): Json {
  const { kind, key } = kindOf(subject);
  return fold(kind, key, inOrder(world.get(subject) ?? []));
}

function findingsOf(state: Json, subject: string): { key: string; code: string }[] {
  const { kind, policy } = kindOf(subject);
  return kind.view(state, { policy, registers }).findings.map(({ key, code }) => ({ key, code }));
}

const acts = fc.oneof(
  ...Object.entries(transfer.acts).map(([name, act]) =>
    arbitraryOf(act.body).map((body): { name: string; act: ActKind; body: Json } => ({
      name,
      act,
      body,
    })),
  ),
);

describe('any record of transfers', () => {
  it('TR-9 any facts fold and can be seen, with owners and clocks', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const subject of subjects) {
          const { kind, policy } = kindOf(subject);
          const view = kind.view(after(world, subject), { policy, registers });
          for (const { owner, since, dueAt, endedAt, ending } of view.duties) {
            expect(owner).toMatch(/^(user|role):/);
            expect(Number.isSafeInteger(dueAt)).toBe(true);
            expect(endedAt === null).toBe(ending === null);
            if (endedAt !== null) expect(endedAt).toBeGreaterThanOrEqual(since);
          }
          for (const { draft } of view.consequences) {
            const schema = schemas.get(draft.kind);
            expect(schema !== undefined && Check(schema.body, draft.body)).toBe(true);
          }
          const slots = view.slots.map(({ resource, index }) => `${resource}#${index}`);
          expect(new Set(slots).size).toBe(slots.length);
        }
      }),
    );
  });

  it('TR-9 the same facts in any order of arrival, some twice, give the same state', () => {
    const pairs = worlds.chain((world) => {
      const transfers = world.get('transfer:a1') ?? [];
      const vehicles = world.get('vehicle:a1') ?? [];
      const arrived = (facts: readonly Fact[]): fc.Arbitrary<Fact[]> =>
        fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 });
      return fc.tuple(
        fc.constant(transfers),
        arrived(transfers),
        fc.constant(vehicles),
        arrived(vehicles),
      );
    });
    fc.assert(
      fc.property(pairs, ([transfers, shuffled, vehicles, mixed]) => {
        expect(foldTransfer(shuffled)).toEqual(foldTransfer(transfers));
        expect(foldVehicle(mixed)).toEqual(foldVehicle(vehicles));
      }),
    );
  });

  it('TR-9 no decision throws, and what is accepted fits its schema and brings no finding', () => {
    const day = fc.integer({ min: 0, max: 40 });
    let accepted = 0;
    fc.assert(
      fc.property(worlds, acts, day, (world, { act, body }, on) => {
        const subject = act.subject(body);
        const state = after(world, subject);
        const now = dayAt(on);
        const reads = new Set(act.reads?.(body, state) ?? []);
        const read = <S>(named: string): S => {
          expect(reads).toContain(named);
          return after(world, named) as S;
        };
        const { policyDefaults: policy } = transfer;
        const context = { policy, now, actor: 'li', registers, read };
        const decision = act.decide(state, body, context);
        if (decision.kind === 'refused') {
          expect(codes).toContain(decision.code);
          return;
        }
        accepted++;
        const next = new Map(world);
        for (const [index, draft] of decision.facts.entries()) {
          const schema = schemas.get(draft.kind);
          expect(schema !== undefined && Check(schema.body, draft.body)).toBe(true);
          const fact = recordedAs(draft, now, index);
          next.set(draft.subject, [...(next.get(draft.subject) ?? []), fact]);
        }
        for (const touched of new Set(decision.facts.map((draft) => draft.subject))) {
          // A record that already contradicts itself may show another side of it.
          if (findingsOf(after(world, touched), touched).length > 0) continue;
          const fresh = findingsOf(after(next, touched), touched).filter(
            ({ code }) => !expected.has(code),
          );
          expect(fresh).toEqual([]);
        }
      }),
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

/**
 * Findings that an accepted act may bring: urgent care does not wait for a child's carer, people
 * do arrive elsewhere than planned, a vehicle or a unit can be changed under those who use it, a
 * stale count is not believed, and someone may hold another bed by another transfer.
 */
const expected = new Set([
  'transfer.child-without-carer',
  'transfer.other-facility',
  'transfer.seat-unknown',
  'transfer.family-split',
  'capacity.over-promised',
  'capacity.person-in-two-beds',
]);
