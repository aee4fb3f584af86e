import { Fault } from '../../../../adapters/fault.ts';
import type { Json } from '../../../../kernel/assert.ts';
import type { Values } from '../../../board/src/language/say.ts';
import type { Speech } from '../language/translate.ts';

/** The details of a refusal as values for its sentence. */
export function valuesOf(details: { readonly [name: string]: Json }): Values {
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === 'string' || typeof value === 'number') values[name] = value;
    else if (Array.isArray(value)) values[name] = value.slice(0, 12).map(String).join(', ');
  }
  return values;
}

/** A thrown failure as a sentence: a fault by its code, anything else as a fault of the app. */
export function sayFailure(error: unknown, { code, t }: Speech): string {
  if (error instanceof Fault) return code(error.code);
  console.error(error);
  return t('state.broken');
}
