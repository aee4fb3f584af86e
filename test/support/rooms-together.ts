import fc from 'fast-check';
import { Check } from 'typebox/value';
import type { Json } from '../../kernel/assert.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Decision } from '../../ledger/decision.ts';
import type { Finding, SubjectView } from '../../ledger/derive.ts';
import type { Fact, FactDraft } from '../../ledger/fact.ts';
import { inOrder } from '../../ledger/order.ts';
import {
  type ActKind,
  fold,
  type Registers,
  type Room,
  type SubjectKind,
} from '../../ledger/room.ts';
import { arbitraryOf, factsOf, recordedAs } from './arbitrary.ts';

/** The facts of some subjects. */
export type Records = ReadonlyMap<string, readonly Fact[]>;

/** Something that somebody wants to do, as the schema of the act lets it in. */
export interface Wish {
  readonly act: ActKind;
  readonly body: Json;
}

/** A few rooms that use one another, for laws about any record and any act. */
export class RoomsTogether {
  readonly #registers: Registers;
  readonly #kinds: ReadonlyMap<string, { readonly kind: SubjectKind; readonly policy: Json }>;
  readonly #codes: ReadonlySet<string>;

  constructor(rooms: readonly Room[], registers: Registers) {
    this.#registers = registers;
    this.#codes = new Set(rooms.flatMap((room) => Object.keys(room.codes)));
    this.#kinds = new Map(
      rooms.flatMap((room) =>
        room.subjects.map((kind) => [kind.prefix, { kind, policy: room.policyDefaults }] as const),
      ),
    );
  }

  /** Any facts of these subjects, at most so many each, that know one another. */
  records(subjects: readonly string[], most: number): fc.Arbitrary<Records> {
    return fc
      .tuple(...subjects.map((subject) => factsOf(this.#of(subject).kind, keyIn(subject), most)))
      .map((drawn) => new Map(drawn.map((facts, index) => [subjects[index] ?? '', facts])));
  }

  /** The state of a subject after its facts. */
  after(records: Records, subject: string): Json {
    return fold(this.#of(subject).kind, keyIn(subject), inOrder(records.get(subject) ?? []));
  }

  /** What follows from a subject. */
  view(records: Records, subject: string): SubjectView {
    const { kind, policy } = this.#of(subject);
    return kind.view(this.after(records, subject), { policy, registers: this.#registers });
  }

  /** Whether a draft is one that its kind's schema lets in. */
  fits({ kind, subject, body }: FactDraft): boolean {
    const schema = this.#of(subject).kind.facts[kind];
    return schema !== undefined && Check(schema.body, body);
  }

  /** Decides a wish. Throws when it reads what it did not name or refuses with an unknown code. */
  decide(records: Records, { act, body }: Wish, by: { room: Room; now: Instant }): Decision {
    const subject = act.subject(body);
    const state = this.after(records, subject);
    const reads = act.reads?.(body, state) ?? [];
    const read = <S>(named: string): S => {
      if (!reads.includes(named)) throw new Error(`${named} is read and was not named`);
      return this.after(records, named) as S;
    };
    const { policyDefaults: policy } = by.room;
    const context = { policy, now: by.now, actor: 'li', registers: this.#registers, read };
    const decision = act.decide(state, body, context);
    if (decision.kind === 'refused' && !this.#codes.has(decision.code)) {
      throw new Error(`no room refuses with ${decision.code}`);
    }
    return decision;
  }

  /**
   * Findings that drafts bring to the subjects they touch; a record that already contradicted
   * itself may show another side of it, and is passed over.
   */
  broughtBy(records: Records, drafts: readonly FactDraft[], now: Instant): Finding[] {
    const next = new Map(records);
    for (const [index, draft] of drafts.entries()) {
      const fact = recordedAs(draft, now, index);
      next.set(draft.subject, [...(next.get(draft.subject) ?? []), fact]);
    }
    return [...new Set(drafts.map((draft) => draft.subject))]
      .filter((subject) => this.view(records, subject).findings.length === 0)
      .flatMap((subject) => this.view(next, subject).findings);
  }

  #of(subject: string): { readonly kind: SubjectKind; readonly policy: Json } {
    const known = this.#kinds.get(subject.slice(0, subject.indexOf(':')));
    if (known === undefined) throw new Error(`no room owns ${subject}`);
    return known;
  }
}

/** Any act of a room with any body; every other one speaks of the things that `usual` names. */
export function wishesOf(
  room: Room,
  usual: { readonly [field: string]: Json } = {},
): fc.Arbitrary<Wish> {
  const acts = Object.values(room.acts);
  return fc.oneof(
    ...acts.map((act) =>
      fc.tuple(arbitraryOf(act.body), fc.boolean()).map(([body, isUsual]) => {
        if (!isUsual) return { act, body };
        const named = Object.entries(body as object).map(([field, value]) => [
          field,
          usual[field] ?? value,
        ]);
        return { act, body: Object.fromEntries(named) as Json };
      }),
    ),
  );
}

/** The same facts in any order of arrival, each of them twice. */
export function arrivalsOf(facts: readonly Fact[]): fc.Arbitrary<Fact[]> {
  return fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 });
}

function keyIn(subject: string): string {
  return subject.slice(subject.indexOf(':') + 1);
}
