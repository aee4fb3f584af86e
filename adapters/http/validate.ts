import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';
import { firstFault, type SchemaFault } from '../../ledger/catalogue.ts';
import { Problem } from './problem.ts';

/** No schema of ours is half as deep; what is deeper is a mistake or an attack. */
const depthMax = 32;

/** What is wrong with a value whatever its schema: it could not be kept, or not be walked. */
export function faultOfValue(value: unknown, where = '', depth = 0): SchemaFault | null {
  if (typeof value === 'string') return faultOfText(value, where);
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= depthMax) return { where, detail: `nested deeper than ${depthMax} levels` };
  for (const [key, held] of Object.entries(value)) {
    const inside = `${where}/${key}`;
    const fault = faultOfText(key, where) ?? faultOfValue(held, inside, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

/** PostgreSQL keeps neither U+0000 nor half a character, in text as in JSON. */
function faultOfText(text: string, where: string): SchemaFault | null {
  if (!text.includes('\u0000') && text.isWellFormed()) return null;
  return { where, detail: 'holds U+0000 or half a surrogate pair; send text without it' };
}

/**
 * Checks each part of a request against its schema. Query strings and paths carry text, so numbers
 * in them are converted; bodies are taken as sent.
 */
export const checkRequest: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  const check = Compile(schema as TSchema);
  return (data: unknown) => {
    const value = httpPart === 'body' ? data : Convert(schema as TSchema, data);
    const fault = faultOfValue(value) ?? firstFault(check, value);
    return fault === null ? { value } : { error: malformed(fault) };
  };
};

/** For a body whose items are judged one by one: only the form of the whole is checked here. */
export const checkForm: FastifySchemaCompiler<unknown> = ({ schema }) => {
  const check = Compile(schema as TSchema);
  return (value: unknown) => {
    const fault = firstFault(check, value);
    return fault === null ? { value } : { error: malformed(fault) };
  };
};

function malformed({ where, detail }: SchemaFault): Problem {
  return new Problem('http.malformed-request', detail, { where });
}

/** Bodies are JSON in UTF-8 and nothing else, unless a route says so. */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', asBytes, (request, body, done) => {
    // Decoded without this look, text in GBK would go on record as replacement characters.
    if (!isUtf8(body)) return done(malformedJson('the body is not UTF-8'));
    const text = body.toString();
    if (!mayPoison.test(text)) return parsePlain(text, done);
    return parse(request, text, (error, value) => {
      done(error === null ? null : malformedJson(detailOf(text)), value);
    });
  });
}

/** Text that could name `__proto__` or `constructor`: Fastify's parser looks closer. */
const mayPoison = /proto|constructor|\\u|^\uFEFF/;

function parsePlain(text: string, done: (error: Error | null, value?: unknown) => void): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return done(malformedJson(detailOf(text)));
  }
  done(null, value);
}

const asBytes = { parseAs: 'buffer' } as const;

function malformedJson(detail: string): Problem {
  return new Problem('http.malformed-json', detail, { where: '/' });
}

/** Where a text stops being JSON, without quoting it: it may hold a name. */
function detailOf(text: string): string {
  if (text === '') return 'the body is empty; send JSON';
  try {
    JSON.parse(text);
    return 'the body names __proto__ or constructor, which no request may';
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    return position === undefined
      ? 'the body is not JSON'
      : `the body is not JSON from character ${Number(position) + 1} on`;
  }
}
