import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/schema';
import { Catalogue, type Check as CheckOf } from '../../ledger/catalogue.ts';
import { keptAs, type RecordKind } from '../../ledger/room.ts';
import { custody } from '../../rooms/custody/index.ts';
import { duties } from '../../rooms/duties/index.ts';
import { specimenRecord } from '../../rooms/results/specimen.ts';
import { screening } from '../../rooms/screening/index.ts';

/**
 * The rooms that people in the field work in. What a tube means for the persons in it (holds,
 * recalls) is worked out at headquarters, whose room of cases is not here, so the record of
 * specimens exerts no influence on a phone.
 */
export function createFieldCatalogue(): Catalogue {
  const record: typeof specimenRecord = {
    ...specimenRecord,
    view: (state, context) => ({ ...specimenRecord.view(state, context), consequences: [] }),
  };
  return new Catalogue([duties, screening, custody], keptAs<RecordKind>(record), interpreted);
}

/**
 * Checks by walking the schema: the same checks by the same library as at headquarters, which
 * compiles them. A phone checks one act at a time, so the compiler would cost 20 kB of download,
 * and a page whose policy forbids making code from text could not run it.
 */
function interpreted(schema: TSchema): CheckOf {
  return {
    Check: (value): value is never => Check(schema, value),
    Errors: (value) => Errors(schema, value)[1],
  };
}
