import fc from 'fast-check';
import type { Json } from '../../kernel/assert.ts';
import { type Instant, instant } from '../../kernel/instant.ts';
import type { Fact, FactDraft } from '../../ledger/fact.ts';
import type { SubjectKind } from '../../ledger/room.ts';

/** The parts of JSON Schema that the rooms' bodies use. */
interface Schema {
  readonly type?: string;
  readonly const?: Json;
  readonly anyOf?: readonly Schema[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly patternProperties?: { readonly [pattern: string]: Schema };
}

/** Texts that fit many patterns, so that drawn facts speak of the same things and collide. */
const texts = [
  'T001',
  'T002',
  'a1',
  'b2',
  'role:community',
  'user:li',
  '310113003001',
  '2022-04-04',
];

/**
 * Any value that fits a schema of the rooms, with small numbers and few words preferred: facts
 * that never name the same tube or bed would prove little.
 */
export function arbitraryOf(given: object): fc.Arbitrary<Json> {
  const schema = given as Schema;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(arbitraryOf));
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array': {
      const minLength = schema.minItems ?? 0;
      const maxLength = Math.max(minLength, Math.min(schema.maxItems ?? 4, 4));
      const items = arbitraryOf(schema.items ?? {});
      if (schema.uniqueItems === true) return fc.uniqueArray(items, { minLength, maxLength });
      return fc.array(items, { minLength, maxLength });
    }
    case 'integer':
      return integerOf(schema);
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return textOf(schema);
    default:
      return fc.constant(null);
  }
}

function objectOf(schema: Schema): fc.Arbitrary<Json> {
  const properties = Object.entries(schema.properties ?? {});
  const drawn = Object.fromEntries(properties.map(([name, one]) => [name, arbitraryOf(one)]));
  const requiredKeys = [...(schema.required ?? [])];
  const record = fc.record(drawn, { requiredKeys }) as fc.Arbitrary<{ [k: string]: Json }>;
  const [more] = Object.entries(schema.patternProperties ?? {});
  if (more === undefined) return record;
  const [pattern, value] = more;
  return fc.dictionary(textOf({ pattern }), arbitraryOf(value), { maxKeys: 3 });
}

function integerOf({ minimum = 0, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> {
  const near = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 3) });
  return fc.oneof({ weight: 8, arbitrary: near }, fc.integer({ min: minimum, max: maximum }));
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  const pattern = new RegExp(schema.pattern ?? '', 'u');
  const minLength = schema.minLength ?? 0;
  const maxLength = schema.maxLength ?? 20;
  const fitting = texts.filter(
    (text) => pattern.test(text) && text.length >= minLength && text.length <= maxLength,
  );
  if (fitting.length > 0) return fc.constantFrom(...fitting);
  if (schema.pattern !== undefined) return fc.stringMatching(pattern);
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 5) });
}

/** Any facts of one subject: schema-valid bodies, any numbers and clocks, ids all different. */
export function factsOf(kind: SubjectKind, key: string, maxLength = 14): fc.Arbitrary<Fact[]> {
  const bodies = Object.entries(kind.facts).map(([name, { body }]) =>
    arbitraryOf(body).map((drawn) => ({ name, body: drawn })),
  );
  const one = fc.record({
    drawn: fc.oneof(...bodies),
    lamport: fc.integer({ min: 1, max: 20 }),
    day: fc.integer({ min: 0, max: 30 }),
    // The envelope allows any instant that a date can hold, and so must the rooms.
    far: fc.integer({ min: 0, max: 99 }).map((draw) => draw === 0),
    actor: fc.constantFrom('li', 'wang'),
  });
  return fc.array(one, { maxLength }).map((drawn) =>
    drawn.map(({ drawn: { name, body }, lamport, day, far, actor }, index) => ({
      id: `fact-${String(index).padStart(4, '0')}`,
      kind: name,
      subject: `${kind.prefix}:${key}`,
      place: '310113003001',
      deviceId: 'device-1',
      deviceSeq: index + 1,
      lamport,
      at: far ? instant(8_640_000_000_000_000) : dayAt(day),
      actor,
      body,
    })),
  );
}

/** Noon in Shanghai, so many days after 4 April 2022. */
export function dayAt(day: number): Instant {
  return instant(Date.UTC(2022, 3, 4 + day, 4));
}

/** A draft as the ledger would record it for the account `li`, after everything drawn above. */
export function recordedAs(draft: FactDraft<string, unknown>, at: Instant, index = 0): Fact {
  return {
    ...(draft as FactDraft),
    id: `act.${index}`,
    deviceId: 'headquarters',
    deviceSeq: index + 1,
    lamport: 1_000 + index,
    at,
    actor: 'li',
  };
}
