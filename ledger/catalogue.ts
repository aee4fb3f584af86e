import type { Validator } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { assert, type Json } from '../kernel/assert.ts';
import type { ActKind, FactKind, RecordKind, Room, SubjectKind } from './room.ts';

/** Says whether a value fits a schema, and where not. */
export type Check = Pick<Validator, 'Check' | 'Errors'>;

interface KnownFact {
  readonly kind: FactKind;
  readonly subject: SubjectKind;
  readonly room: Room;
  readonly check: Check;
  /** What may stand after the colon of its subject. */
  readonly subjectKey: RegExp;
}

interface KnownAct {
  readonly act: ActKind;
  readonly room: Room;
  readonly check: Check;
}

/** Settings of every room by its name. */
export type PolicyBook = { readonly [room: string]: Json };

/** Where a value breaks its schema: a JSON pointer, and what was expected there. */
export interface SchemaFault {
  readonly where: string;
  readonly detail: string;
}

/** All rooms of a deployment, looked up by what a fact or an act is called. */
export class Catalogue {
  readonly rooms: readonly Room[];
  readonly record: RecordKind;
  readonly #checkFor: (schema: TSchema) => Check;
  readonly #facts = new Map<string, KnownFact>();
  readonly #acts = new Map<string, KnownAct>();
  readonly #subjects = new Map<string, { subject: SubjectKind; room: Room }>();

  constructor(rooms: readonly Room[], record: RecordKind, checkFor: (schema: TSchema) => Check) {
    this.rooms = rooms;
    this.record = record;
    this.#checkFor = checkFor;
    for (const room of rooms) {
      for (const subject of room.subjects) this.#addSubject(room, subject);
      for (const [name, act] of Object.entries(room.acts)) {
        this.#acts.set(`${room.name}.${name}`, { act, room, check: checkFor(act.body) });
      }
    }
  }

  #addSubject(room: Room, subject: SubjectKind): void {
    assert(!this.#subjects.has(subject.prefix), `two rooms own ${subject.prefix}`);
    this.#subjects.set(subject.prefix, { subject, room });
    const subjectKey = new RegExp(subject.keyPattern);
    for (const [name, kind] of Object.entries(subject.facts)) {
      assert(!this.#facts.has(name), `two subjects own ${name}`);
      assert(name.startsWith(`${room.name}.`), `${name} is not named after ${room.name}`);
      const check = this.#checkFor(kind.body);
      this.#facts.set(name, { kind, subject, room, check, subjectKey });
    }
  }

  /** What is known of a kind of fact; undefined when no room has it. */
  findFact(kind: string): KnownFact | undefined {
    return this.#facts.get(kind);
  }

  /** What is known of an act, `room.act`; undefined when no room has it. */
  findAct(name: string): KnownAct | undefined {
    return this.#acts.get(name);
  }

  /** The kind of thing a prefix names; undefined when no room has it. */
  findSubject(prefix: string): { subject: SubjectKind; room: Room } | undefined {
    return this.#subjects.get(prefix);
  }

  /** Every act with its name, for desks and for the OpenAPI page. */
  acts(): { name: string; room: Room; act: ActKind }[] {
    return [...this.#acts].map(([name, { room, act }]) => ({ name, room, act }));
  }

  /** Every kind of fact with its name. */
  facts(): { name: string; room: Room; kind: FactKind; subject: SubjectKind }[] {
    return [...this.#facts].map(([name, { room, kind, subject }]) => ({
      name,
      room,
      kind,
      subject,
    }));
  }

  /** The settings that the rooms bring with them. */
  policyDefaults(): PolicyBook {
    return Object.fromEntries(this.rooms.map((room) => [room.name, room.policyDefaults]));
  }
}

/** The first fault of a value against a schema; null when it fits. */
export function firstFault(check: Check, value: unknown): SchemaFault | null {
  if (check.Check(value)) return null;
  const errors = check.Errors(value);
  const telling = errors.find((error) => error.keyword !== 'boolean') ?? errors[0];
  if (telling === undefined) return { where: '', detail: 'does not fit its schema' };
  const named = unknownField(telling.params);
  const where = named === null ? telling.instancePath : `${telling.instancePath}/${named}`;
  return { where, detail: named === null ? telling.message : `unknown field ${named}` };
}

function unknownField(params: object): string | null {
  if (!('additionalProperties' in params) || !Array.isArray(params.additionalProperties))
    return null;
  const [first] = params.additionalProperties;
  return typeof first === 'string' ? first : null;
}
