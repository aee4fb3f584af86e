import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem, problemBody } from '../../adapters/http/problem.ts';
import { root } from '../../tools/sources.ts';
import { problemOf } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let paths: { readonly [path: string]: { readonly [method: string]: Documented } };

interface Documented {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: object;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

beforeAll(async () => {
  server = await startServer();
  paths = (await server.nobody.get('/v1/docs/json')).body['paths'] as typeof paths;
});
afterAll(() => server.close());

/** Every documented route with its method. */
function operations(): (Documented & { path: string; method: string })[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => ({ path, method, ...each })),
  );
}

/** Every route that the program answers, as `METHOD /path/:parameter`. */
function served(): string[] {
  const [methods, lines] = [/\(([A-Z, ]+)\)$/, server.app.printRoutes({ commonPrefix: false })];
  const stack: string[] = [];
  return lines.split('\n').flatMap((line) => {
    const depth = line.search(/[^│├└─ ]/) / 4;
    if (depth < 0) return [];
    const text = line.slice(depth * 4);
    stack[depth] = text.replace(methods, '').trimEnd();
    const path = stack.slice(0, depth + 1).join('');
    return (methods.exec(text)?.[1] ?? '').split(', ').map((method) => `${method} ${path}`);
  });
}

test('every route that is served stands in the documentation, with summary, tag and parameters', () => {
  const documented = operations();
  const problems: string[] = [];
  for (const { path, method, summary = '', tags = [], parameters = [] } of documented) {
    const route = `${method} ${path}`;
    if (summary.length < 5) problems.push(`${route}: no summary`);
    if (tags.length !== 1) problems.push(`${route}: ${tags.length} tags`);
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const told = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
    if (named.join() !== told.join()) problems.push(`${route}: parameters ${told.join()}`);
  }
  const known = new Set(
    documented.map(({ path, method }) => {
      return `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
    }),
  );
  const own = served().filter(
    (route) => /^(GET|POST|PUT|PATCH|DELETE) \/v1\//.test(route) && !route.includes('/v1/docs'),
  );
  problems.push(...own.filter((route) => !known.has(route)).map((route) => `${route}: unknown`));
  expect(own.length).toBeGreaterThan(80);
  expect(documented).toHaveLength(own.length);
  expect(problems).toEqual([]);
});

test('every route that changes something says in the documentation what it takes', () => {
  const files = ['/v1/imports/persons', '/v1/imports/places'];
  const changing = operations().filter(
    ({ path, method }) =>
      ['post', 'put', 'patch'].includes(method) &&
      !files.includes(path) &&
      !path.endsWith('/instrument-file'),
  );
  expect(changing.length).toBeGreaterThan(60);
  expect(changing.filter(({ requestBody }) => requestBody === undefined)).toEqual([]);
});

test('what is at no address is a 404, and a wrong method a 405 that names the right ones', async () => {
  const strange = ['/v1/nothing', '/v1/acts/screening/eat', '/v1/acts/eat', '/v2/board', '/v1'];
  for (const path of strange) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const reply = await server.admin.ask(method, path);
      expect([path, ...problemOf(reply)]).toEqual([path, 404, 'http.not-found', null]);
      expect(reply.type).toMatch(/^application\/problem\+json/);
    }
  }
  let asked = 0;
  for (const [path, methods] of Object.entries(paths)) {
    const right = Object.keys(methods).map((method) => method.toUpperCase());
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      if (right.includes(method)) continue;
      asked += 1;
      const reply = await server.admin.ask(method, path.replace(/\{\w+\}/g, '1'));
      expect([method, path, ...problemOf(reply)]).toEqual([
        method,
        path,
        405,
        'http.method-not-allowed',
        null,
      ]);
      const allowed = (reply.headers.get('allow') ?? '').split(', ');
      expect(right.filter((each) => !allowed.includes(each))).toEqual([]);
    }
  }
  expect(asked).toBeGreaterThan(300);
});

/** Codes that the files say in calls such as `refuse('…'` or `new Problem('…'`. */
function codesSaid(pattern: string, call: RegExp): string[] {
  const files = globSync(pattern, { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
  const texts = files.map((path) => readFileSync(join(root, path), 'utf8'));
  const codes = texts.flatMap((text) => [...text.matchAll(call)].map(([, code]) => code ?? ''));
  return [...new Set(codes)].sort();
}

test('every code of the rooms, the record and the routes has a status, and only bugs have 500', async () => {
  const { body } = await server.admin.get('/v1/acts');
  const words = Object.keys(body['codes']);
  const said = codesSaid('adapters/http/**/*.ts', /new Problem\(\s*'([^']+)'/g);
  expect([words.length > 100, said.length > 15]).toEqual([true, true]);
  const statuses = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503];
  const wrong: string[] = [];
  for (const code of [...words, ...said]) {
    const problem = new Problem(code, 'words', { where: '/x', details: { a: 1 } });
    const isRight = statuses.includes(problem.status);
    if (!isRight || (problem.status === 500) !== (code === 'http.bug')) wrong.push(code);
    expect(problemBody(problem)).toEqual({
      type: `about:blank#${code}`,
      title: code,
      status: problem.status,
      code,
      detail: 'words',
      where: '/x',
      details: { a: 1 },
    });
  }
  expect(wrong).toEqual([]);
});

test('every refusal of an act is told in words, in both languages', async () => {
  const { body } = await server.admin.get('/v1/acts');
  const words = body['codes'] as { [code: string]: { en: string; zh: string } };
  const said = codesSaid('rooms/**/*.ts', /\b(?:refuse|no)\('([a-z-]+\.[a-z-]+)'/g);
  expect(said.length).toBeGreaterThan(80);
  expect(said.filter((code) => words[code] === undefined)).toEqual([]);
  for (const { en, zh } of Object.values(words)) {
    expect([en.length > 5, /\p{Script=Han}/u.test(zh)]).toEqual([true, true]);
  }
});
