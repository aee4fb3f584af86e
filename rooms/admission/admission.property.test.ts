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
import { admissionCodes } from './codes.ts';
import { foldStay, registers } from './fixture.ts';
import { admission } from './index.ts';

const rooms: readonly Room[] = [cases, capacity, admission];
const kinds = new Map<string, { kind: SubjectKind; policy: Json }>(
  rooms.flatMap((room) =>
    room.subjects.map((kind) => [kind.prefix, { kind, policy: room.policyDefaults }] as const),
  ),
);
const schemas = new Map(
  rooms.flatMap((room) => room.subjects.flatMap((kind) => Object.entries(kind.facts))),
);
const codes = [...Object.keys(admissionCodes), ...Object.keys(capacityCodes)];

function kindOf(subject: string): { kind: SubjectKind; policy: Json; key: string } {
  const [prefix = '', key = ''] = subject.split(':');
  const known = kinds.get(prefix);
  if (known === undefined) throw new Error(`no room owns ${subject}`);
  return { ...known, key };
}

const subjects = ['stay:a1', 'unit:a1', 'unit:b2', 'person:1', 'person:2'];
/** Any facts of a stay, two units and two people that know one another. */
const worlds = fc
  .tuple(...subjects.map((subject) => factsOf(kindOf(subject).kind, kindOf(subject).key, 10)))
  .map((drawn) => new Map(drawn.map((facts, index) => [subjects[index] ?? '', facts])));

function after(world: ReadonlyMap<string, readonly Fact[]>, subject: string): Json {
  const { kind, key } = kindOf(subject);
  return fold(kind, key, inOrder(world.get(subject) ?? []));
}

function findingsOf(state: Json, subject: string): string[] {
  const { kind, policy } = kindOf(subject);
  return kind.view(state, { policy, registers }).findings.map(({ code }) => code);
}

const acts = fc.oneof(
  ...Object.values(admission.acts).map((act) =>
    arbitraryOf(act.body).map((body): { act: ActKind; body: Json } => ({ act, body })),
  ),
);

describe('any record of a stay', () => {
  it('AD-9 any facts fold and can be seen, with owners and clocks', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { kind, policy } = kindOf('stay:a1');
        const view = kind.view(after(world, 'stay:a1'), { policy, registers });
        for (const { owner, since, dueAt } of view.duties) {
          expect(owner).toBe('role:facility');
          expect(Number.isSafeInteger(since) && Number.isSafeInteger(dueAt)).toBe(true);
        }
        for (const { draft } of view.consequences) {
          const schema = schemas.get(draft.kind);
          expect(schema !== undefined && Check(schema.body, draft.body)).toBe(true);
        }
      }),
    );
  });

  it('AD-9 the same facts in any order of arrival, some twice, give the same state', () => {
    const pairs = worlds.chain((world) => {
      const facts = world.get('stay:a1') ?? [];
      const arrived = fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 });
      return fc.tuple(fc.constant(facts), arrived);
    });
    fc.assert(
      fc.property(pairs, ([facts, arrived]) => {
        expect(foldStay(arrived)).toEqual(foldStay(facts));
      }),
    );
  });

  it('AD-9 no decision throws, and what is accepted fits its schema and brings no finding', () => {
    // Acts come after the facts: what is dated after an end is a finding of its own.
    const day = fc.integer({ min: 31, max: 60 });
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
        const { policyDefaults: policy } = admission;
        const decision = act.decide(state, body, { policy, now, actor: 'li', registers, read });
        if (decision.kind === 'refused') {
          expect(codes).toContain(decision.code);
          return;
        }
        // A record that already contradicts itself may show another side of it.
        if (findingsOf(state, subject).length > 0) return;
        const next = new Map(world);
        for (const [index, draft] of decision.facts.entries()) {
          const schema = schemas.get(draft.kind);
          expect(schema !== undefined && Check(schema.body, draft.body)).toBe(true);
          const fact = recordedAs(draft, now, index);
          next.set(draft.subject, [...(next.get(draft.subject) ?? []), fact]);
        }
        // A status may be recorded for today before the one of yesterday is made up for.
        const fresh = findingsOf(after(next, subject), subject);
        expect(fresh.filter((code) => code !== 'admission.status-gap')).toEqual([]);
      }),
    );
  });
});
