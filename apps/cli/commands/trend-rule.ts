import { readFile } from 'node:fs/promises';
import { Check, Errors } from 'typebox/schema';
import { refuseInput, wholeFile } from '../../../adapters/exchange/columns.ts';
import { firstFault } from '../../../ledger/catalogue.ts';
import { keptAs } from '../../../ledger/room.ts';
import { policyDefaults, policySchema, type TrendPolicy } from '../../../rooms/trend/index.ts';
import { refuseList } from './trend-table.ts';

/**
 * The settings of the room in a file, the defaults where it says nothing: by themselves, or under
 * `trend` as in a file for `--policy`. Walks the schema: to compile it takes longer than to use it.
 */
export async function readRule(file: string | null): Promise<TrendPolicy> {
  if (file === null) return policyDefaults;
  const given = ownPart(parse(await textOf(file)));
  const place = { ...wholeFile(file), value: 'an object of settings is expected' };
  if (!isObject(given)) refuseList('trend.bad-rule', place);
  const policy = { ...policyDefaults, ...given };
  const check = {
    Check: (value: unknown): value is never => Check(policySchema, value),
    Errors: (value: unknown) => Errors(policySchema, value)[1],
  };
  const fault = firstFault(check, policy);
  if (fault === null) return keptAs<TrendPolicy>(policy);
  refuseList('trend.bad-rule', { ...place, column: fault.where, value: fault.detail });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return refuseInput('exchange.no-such-file', wholeFile(file));
  }
}

/** Undefined for what is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function ownPart(given: unknown): unknown {
  return isObject(given) && Object.hasOwn(given, 'trend') ? given['trend'] : given;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
