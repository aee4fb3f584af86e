import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pickSerials, readLabel, serialLabel } from '../../rooms/screening/index.ts';
import { type Client, problemOf, type Reply } from '../support/client.ts';
import { communities, district } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
/** A second server on the same database: both draw on the same series. */
let beside: TestServer;
let sampler: Client;

beforeAll(async () => {
  server = await startServer();
  beside = await startServer({ beside: server });
  sampler = await server.signUp('sampler', [`sampler@${communities[0]}`]);
});
afterAll(async () => {
  await beside.close();
  await server.close();
});

const print = (client: Client, order: object): Promise<Reply> => client.post('/v1/labels', order);
const header = (reply: Reply, name: string): string =>
  reply.headers.get(`x-sextant-label-${name}`) ?? '';

/** The serials that a reply says it printed. */
function range(reply: Reply): [number, number] {
  const [first, last] = [header(reply, 'first'), header(reply, 'last')].map(readLabel);
  if (first === undefined || last === undefined) throw new Error('no range');
  if (!('serial' in first) || !('serial' in last)) throw new Error(`no serials: ${reply.text}`);
  return [first.serial, last.serial];
}

describe('SC-14: a serial is given out once', () => {
  test('SC-14: two servers that print at once never share one', async () => {
    const clients = [
      server.admin,
      new (server.admin.constructor as typeof Client)(beside.url, 'admin', server.admin.token),
    ];
    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        print(clients[index % 2] ?? server.admin, { kind: 'tube', count: 1 + (index % 7) }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const ranges = replies.map(range).sort(([left], [right]) => left - right);
    for (const [index, [first, last]] of ranges.entries()) {
      expect(last).toBeGreaterThanOrEqual(first);
      expect(first).toBeGreaterThan(ranges[index - 1]?.[1] ?? 0);
    }
  });

  test('SC-14: tubes and boxes are counted apart', async () => {
    const reply = await print(server.admin, { kind: 'box', count: 3 });
    expect(range(reply)[0]).toBe(pickSerials('box', 1, 1)?.serials[0]);
    expect(header(reply, 'first')).toMatch(/^B/);
  });

  test('SC-14: a request sent twice prints the same labels and takes no more serials', async () => {
    const order = { kind: 'tube', count: 5, run: 'run-sent-twice' };
    const both = await Promise.all([print(server.admin, order), print(server.admin, order)]);
    const [one, other] = both.map(range);
    expect(one).toEqual(other);
    const next = range(await print(server.admin, { kind: 'tube', count: 1 }));
    expect(next[0]).toBe(pickSerials('tube', (one?.[1] ?? 0) + 1, 1)?.serials[0]);
    const changed = await print(server.admin, { ...order, count: 6 });
    expect(problemOf(changed)).toEqual([409, 'labels.run-differs', '/run']);
  });

  test('SC-14: what was given out before a crash is on record, and is printed again alone', async () => {
    const started = await fetch(`${server.url}/v1/labels`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.admin.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ kind: 'tube', count: 2000, run: 'run-cut-off' }),
    });
    // The printer's end goes away after the headers; none of the sheets has arrived.
    await started.body?.cancel();
    const again = await server.admin.get('/v1/labels/run-cut-off');
    expect(range(again)[0]).toBe(readSerial(started.headers.get('x-sextant-label-first')));
    expect(header(again, 'count')).toBe('2000');
    expect(again.text.startsWith('%PDF-')).toBe(true);
    expect(again.text.trimEnd().endsWith('%%EOF')).toBe(true);
    const next = range(await print(server.admin, { kind: 'tube', count: 1 }));
    expect(next[0]).toBeGreaterThan(range(again)[1]);
  });

  test('SC-14: a counter that was set back goes on behind the last run all the same', async () => {
    await server.column('update label_series set next_serial = 1 where kind = $1', ['tube']);
    const [last = 0] = await server.column<number>(
      `select max(last_serial) from label_runs where kind = 'tube'`,
    );
    const reply = await print(server.admin, { kind: 'tube', count: 4 });
    expect(range(reply)[0]).toBeGreaterThan(last);
  });

  test('SC-14: the table itself takes no run that overlaps another', async () => {
    const insert = `insert into label_runs (run, kind, label_count, first_serial, last_serial,
        layout, symbology, account, made_ms)
      select 'run-overlapping', kind, 1, last_serial, last_serial, layout, symbology, account, 0
      from label_runs where run = 'run-sent-twice'`;
    await expect(server.column(insert)).rejects.toThrow('label_runs_tubes_once');
  });

  test('SC-14: a series goes on from a number that is named, never back', async () => {
    const far = range(await print(server.admin, { kind: 'tube', count: 2, from: 5_000_000 }));
    expect(far[0]).toBe(pickSerials('tube', 5_000_000, 1)?.serials[0]);
    const back = range(await print(server.admin, { kind: 'tube', count: 2, from: 1 }));
    expect(back[0]).toBeGreaterThan(far[1]);
  });

  test('SC-14: the end of a series is said in both languages, and nothing is half taken', async () => {
    const reply = await print(server.admin, { kind: 'box', count: 300, from: 99_999_900 });
    expect(problemOf(reply)).toEqual([422, 'labels.series-used-up', null]);
    expect(range(await print(server.admin, { kind: 'box', count: 1 }))[0]).toBeLessThan(100);
  });
});

function readSerial(label: string | null): number {
  const reading = readLabel(label ?? '');
  return 'serial' in reading ? reading.serial : 0;
}

describe('who prints what', () => {
  test('SC-12: cards are for the residents of a place, by number, and name nobody', async () => {
    const reply = await print(sampler, { kind: 'person', place: communities[0], layout: 'a4-24' });
    expect(reply.status).toBe(200);
    expect(readLabel(header(reply, 'first')).kind).toBe('person');
    expect(Number(header(reply, 'count'))).toBe(30);
    const elsewhere = await print(sampler, { kind: 'person', place: communities[2] });
    expect(problemOf(elsewhere)).toEqual([403, 'access.not-permitted', '/place']);
  });

  test('SC-14: people see their own runs, headquarters everybody’s', async () => {
    await print(sampler, { kind: 'tube', count: 2, run: 'run-of-the-sampler' });
    const own = await sampler.get('/v1/labels');
    expect(new Set(own.body['rows'].map(({ account }: { account: string }) => account))).toEqual(
      new Set(['sampler']),
    );
    const all = await server.admin.get('/v1/labels');
    expect(all.body['rows'].length).toBeGreaterThan(own.body['rows'].length);
    expect((await server.admin.get('/v1/labels/run-of-the-sampler')).status).toBe(200);
    const foreign = await sampler.get('/v1/labels/run-cut-off');
    expect(problemOf(foreign)).toEqual([404, 'labels.unknown-run', null]);
    const courier = await server.signUp('courier', ['courier']);
    expect(problemOf(await courier.get('/v1/labels'))[1]).toBe('access.not-permitted');
  });

  test('SC-13: a tube is not opened under a misread label of ours', async () => {
    await server.admin.must('screening.open-round', {
      round: 'R1',
      place: district,
      label: { en: 'One', zh: '一' },
      areas: [district],
      group: null,
      poolSize: 10,
      startsAt: 0,
      endsAt: 4_000_000_000_000,
    });
    const open = (tube: string): Promise<Reply> =>
      sampler.act('screening.open-tube', {
        tube,
        place: communities[0],
        round: 'R1',
        purpose: 'round',
        poolSize: 10,
        point: 'TABLE-1',
      });
    const good = serialLabel('tube', 900);
    const slip = good.slice(0, 4) + (good[4] === '1' ? '2' : '1') + good.slice(5);
    expect(problemOf(await open(slip))).toEqual([409, 'screening.label-misread', null]);
    const reply = await open(serialLabel('box', 900));
    expect(problemOf(reply)).toEqual([409, 'screening.label-of-other-kind', null]);
  });
});

test('SC-13: a box is not sealed under a misread label, nor with a misread tube in it', async () => {
  const courier = await server.signUp('box-courier', ['courier']);
  const seal = (box: string, tubes: readonly string[]): Promise<Reply> =>
    courier.act('custody.seal-box', { box, tubes: [...tubes], place: communities[0] });
  const box = serialLabel('box', 40);
  const tubes = [serialLabel('tube', 901), 'MAKER-77123'];
  const slip = (label: string): string => label.slice(0, -1) + (label.endsWith('A') ? 'B' : 'A');
  const misread = [409, 'custody.label-misread', null];
  expect(problemOf(await seal(slip(box), tubes))).toEqual(misread);
  expect(problemOf(await seal(box, [slip(serialLabel('tube', 901))]))).toEqual(misread);
  const swapped = await seal(serialLabel('tube', 902), tubes);
  expect(problemOf(swapped)).toEqual([409, 'custody.label-of-other-kind', null]);
  expect((await seal(box, tubes)).status).toBe(200);
});

describe('bad orders', () => {
  const wrong: readonly (readonly [string, object, string, string])[] = [
    ['none', { kind: 'tube', count: 0 }, 'labels.bad-count', '/count'],
    ['fewer than none', { kind: 'tube', count: -5 }, 'labels.bad-count', '/count'],
    ['half a label', { kind: 'tube', count: 1.5 }, 'labels.bad-count', '/count'],
    ['too many', { kind: 'tube', count: 5001 }, 'labels.bad-count', '/count'],
    ['no count', { kind: 'tube' }, 'labels.bad-count', '/count'],
    ['an unknown kind', { kind: 'plate', count: 1 }, 'labels.unknown-kind', '/kind'],
    ['a property of objects', { kind: 'toString', count: 1 }, 'labels.unknown-kind', '/kind'],
    [
      'an unknown sheet',
      { kind: 'box', count: 1, layout: 'a5' },
      'labels.unknown-layout',
      '/layout',
    ],
    [
      'an unknown code',
      { kind: 'box', count: 1, symbol: 'aztec' },
      'labels.unknown-symbol',
      '/symbol',
    ],
    ['cards for nowhere', { kind: 'person' }, 'labels.no-persons', '/place'],
  ];

  test.each(wrong)('SC-14: %s: a code, words in both languages, no serial', async (...given) => {
    const [, order, code, where] = given;
    const before = await server.column<number>('select count(*)::int as n from label_runs');
    const reply = await print(server.admin, order);
    expect(problemOf(reply)).toEqual([422, code, where]);
    const catalogue = await server.admin.get('/v1/acts');
    expect(catalogue.body['codes'][code]).toMatchObject({
      en: expect.stringMatching(/\.$|\?/),
      zh: expect.stringMatching(/[\u4e00-\u9fff]/),
    });
    expect(await server.column<number>('select count(*)::int as n from label_runs')).toEqual(
      before,
    );
  });
});
