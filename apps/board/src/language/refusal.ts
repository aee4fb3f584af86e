import { Problem } from '../api/client.ts';
import type { Json, JsonObject } from '../api/types.ts';
import { useCodes } from './codes.ts';
import type { Values } from './say.ts';
import { useSpeech } from './translate.ts';

/** The details of a refusal as values for its sentence. */
export function valuesOf(details: JsonObject): Values {
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === 'string' || typeof value === 'number') values[name] = value;
    else if (Array.isArray(value)) values[name] = value.slice(0, 12).map(short).join(', ');
  }
  return values;
}

function short(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Says why something was refused: by its code in the reader's language, else in the server's. */
export function useRefusal(): (error: unknown) => string {
  const { t } = useSpeech();
  const codeText = useCodes();
  return (error) => {
    if (!(error instanceof Problem)) return t('state.offline');
    const known = codeText(error.code, valuesOf(error.details));
    if (known !== null) return known;
    return error.detail === '' ? t('state.refused') : error.detail;
  };
}
