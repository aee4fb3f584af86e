import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';
import { code, label, reason } from '../custody/index.ts';
import { ruleSet } from './rules.ts';

const strict = { additionalProperties: false };

/** A well as reported. Whether a plate has it is judged by LA-2: a wrong one is a finding. */
const well = Type.String({ pattern: '^[A-Z][0-9]{1,2}$' });
const attempt = Type.Integer({ minimum: 1, maximum: 20 });

/** Cycles until the signal crossed the threshold; null when it never did. */
export const ct = Type.Union([Type.Null(), Type.Number({ minimum: 0.01, maximum: 60 })]);

/** The name of a target as the instrument or the kit writes it. */
export const target = Type.String({ minLength: 1, maxLength: 40 });

/** What a well, a tube or a result can be called. */
export const call = Type.Union([
  Type.Literal('negative'),
  Type.Literal('positive'),
  Type.Literal('grey'),
  Type.Literal('invalid'),
]);
export type Call = 'negative' | 'positive' | 'grey' | 'invalid';

/** A release label: the plate's own, or with `.2`, `.3` … for what was released later. */
export const releaseLabel = Type.String({
  pattern: '^[A-Z0-9][A-Z0-9-]{3,31}(\\.[1-9][0-9]{0,2})?$',
});

/** Results as released: one call a tube. */
export const resultList = Type.Array(Type.Object({ tube: label, result: call }, strict), {
  minItems: 1,
  maxItems: limits.tubesPerRecordMax,
});

const bench = ['laboratory'] as const;

/** What can be put on record about an accession: tubes that are at the laboratory. */
export const accessionFacts = {
  'laboratory.specimens-accessioned': {
    body: Type.Object(
      {
        laboratory: code,
        tubes: Type.Array(label, { minItems: 1, maxItems: limits.tubesPerRecordMax }),
      },
      strict,
    ),
    permits: bench,
    label: { en: 'Specimens accessioned', zh: '样本接收登记' },
  },
} satisfies Record<string, FactKind>;

/** What can be put on record about a plate. */
export const plateFacts = {
  'laboratory.plate-loaded': {
    body: Type.Object(
      {
        laboratory: code,
        wells: Type.Array(
          Type.Object(
            {
              well,
              tube: label,
              attempt,
              /** The plate on which this tube failed before. */
              rerunOf: Type.Optional(label),
            },
            strict,
          ),
          { minItems: 1, maxItems: 200 },
        ),
        controls: Type.Array(
          Type.Object(
            { well, control: Type.Union([Type.Literal('positive'), Type.Literal('negative')]) },
            strict,
          ),
          { maxItems: 96 },
        ),
      },
      strict,
    ),
    permits: bench,
    label: { en: 'Plate loaded', zh: '上样' },
  },
  'laboratory.plate-read': {
    body: Type.Object(
      {
        instrument: Type.String({ minLength: 1, maxLength: 80 }),
        readings: Type.Array(Type.Object({ well, target, ct }, strict), { maxItems: 2000 }),
        /** Why these readings replace earlier ones, such as a wrong file. */
        correction: Type.Optional(reason),
      },
      strict,
    ),
    permits: bench,
    label: { en: 'Plate read', zh: '读板' },
  },
  'laboratory.plate-signed': {
    body: Type.Object(
      {
        /** The rules the calls were signed under: a later change of settings leaves them alone. */
        ruleSet: Type.Optional(ruleSet),
        attemptsMax: Type.Optional(attempt),
      },
      strict,
    ),
    permits: bench,
    label: { en: 'Plate signed by a second person', zh: '复核签字' },
  },
  'laboratory.plate-rejected': {
    body: Type.Object({ reason }, strict),
    permits: bench,
    label: { en: 'Plate rejected', zh: '整板作废' },
  },
  'laboratory.rerun-waived': {
    body: Type.Object(
      {
        tubes: Type.Array(label, { minItems: 1, maxItems: 200 }),
        reason,
      },
      strict,
    ),
    permits: bench,
    label: { en: 'Rerun not possible', zh: '无法复测' },
  },
  'laboratory.rerun-loaded': {
    body: Type.Object(
      { plate: label, tubes: Type.Array(label, { minItems: 1, maxItems: 200 }) },
      strict,
    ),
    permits: [],
    label: { en: 'Tubes loaded again on a later plate', zh: '已在后续板上复测' },
  },
  'laboratory.plate-released': {
    body: Type.Object({ release: releaseLabel, results: resultList }, strict),
    permits: [],
    label: { en: 'Results of the plate released', zh: '结果已发布' },
  },
} satisfies Record<string, FactKind>;

export type AccessionFact = FactOf<typeof accessionFacts>;
export type PlateFact = FactOf<typeof plateFacts>;
