import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { createCatalogue } from '../../../../rooms/catalogue.ts';
import type { Schema } from '../api/types.ts';
import {
  type DraftObject,
  emptyDraft,
  fieldKind,
  foldLabel,
  readDraft,
  scannedLines,
} from './form-values.ts';

const acts = createCatalogue().acts();

function schemaOf(name: string): Schema {
  const found = acts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no act ${name}`);
  return found.act.body;
}

test('BO-5 every act has a form, and an empty one says what is missing', () => {
  expect(acts.length).toBeGreaterThan(40);
  for (const { name, act } of acts) {
    const schema: Schema = act.body;
    const { faults } = readDraft(schema, emptyDraft(schema));
    const asked = new Set(faults.map(({ path }) => path.split('/')[1]));
    const required = (schema.required ?? []).filter((field) => {
      const kind = fieldKind(field, schema.properties?.[field] ?? {});
      // Left empty these mean none, no, or negative.
      const mayBeEmpty = ['switch', 'choices', 'codes', 'rows', 'scan', 'ct', 'group'].includes(
        kind,
      );
      return !mayBeEmpty;
    });
    expect([name, required.filter((field) => !asked.has(field))]).toEqual([name, []]);
  }
});

const label = fc.stringMatching(/^[A-Z0-9][A-Z0-9-]{3,12}$/);
const number = fc.integer({ min: 1, max: 2_000_000 });

test('BO-5 what a filled form sends fits the schema of its act', () => {
  const check = Compile(schemaOf('screening.record-tube') as Parameters<typeof Compile>[0]);
  fc.assert(
    fc.property(label, fc.array(number, { minLength: 1, maxLength: 20 }), (tube, members) => {
      const draft: DraftObject = {
        ...emptyDraft(schemaOf('screening.record-tube')),
        tube: tube.toLowerCase(),
        place: '310113003001',
        round: 'R1',
        purpose: 'recall',
        poolSize: '10',
        members: members.join('\n'),
        point: 'S1',
      };
      const { body, faults } = readDraft(schemaOf('screening.record-tube'), draft);
      expect(faults).toEqual([]);
      expect(check.Check(body)).toBe(true);
      expect(body['members']).toEqual(members);
      expect(body['tube']).toBe(foldLabel(tube));
    }),
  );
});

test('BO-5 what is known is filled in and sent back the same', () => {
  const known = {
    unit: 'U1',
    place: '310113',
    facility: 'F1',
    bedKind: 'ward',
    beds: 40,
    label: { zh: '一病区', en: 'Ward 1' },
    acceptsChildren: true,
  };
  const schema = schemaOf('capacity.declare-unit');
  expect(readDraft(schema, emptyDraft(schema, known))).toEqual({ body: known, faults: [] });
});

test('BO-5 a group left empty is null where the act wants null, and the two languages go together', () => {
  const schema = schemaOf('screening.open-round');
  const known = {
    round: 'R1',
    place: '310113',
    areas: ['310113'],
    poolSize: 10,
    startsAt: 0,
    endsAt: 60_000,
  };
  const draft = { ...emptyDraft(schema, known), label: { zh: '第一轮', en: '' } };
  const { body, faults } = readDraft(schema, draft);
  expect(body['group']).toBeNull();
  expect(faults).toEqual([{ path: '/label', fault: 'both-languages' }]);
});

test('BO-5 a holder is an account unless a role is named', () => {
  const schema = schemaOf('custody.hand-over');
  const { body } = readDraft(schema, { ...emptyDraft(schema), box: 'BOX1', to: 'wang' });
  expect(body['to']).toBe('user:wang');
  const role = readDraft(schema, { ...emptyDraft(schema), box: 'BOX1', to: 'role:laboratory' });
  expect(role.body['to']).toBe('role:laboratory');
});

test('BO-5 Ct by gene, and nothing found is negative', () => {
  const schema = schemaOf('admission.record-test');
  const known = { stay: 'S1', on: '2022-04-24' };
  expect(readDraft(schema, emptyDraft(schema, known)).body['ct']).toBe('negative');
  const draft = { ...emptyDraft(schema, known), ct: { ORF1ab: '36.4', N: '' } };
  expect(readDraft(schema, draft).body['ct']).toEqual({ ORF1ab: 36.4, N: null });
});

test('BO-5 wrong lines of a scanned list are named one by one', () => {
  const schema = schemaOf('screening.record-tube');
  const draft = { ...emptyDraft(schema), members: '12\n一三\n14' };
  const { faults } = readDraft(schema, draft);
  expect(faults).toContainEqual({ path: '/members', fault: 'number', text: '一三' });
});

test('BO-5 scanners, keyboards and phones part their codes each in their own way', () => {
  expect(scannedLines('A1 B2\nC3，D4、E5；F6\r\n')).toEqual(['A1', 'B2', 'C3', 'D4', 'E5', 'F6']);
  expect(foldLabel(' ａb-０１ ')).toBe('AB-01');
});
