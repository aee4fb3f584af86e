import { progress, progressDone, printJson, printTable } from '../print.ts';
import { openSession, type Session, type Target } from '../session.ts';
import { verify } from '../../../adapters/verify/verify.ts';

/** Options that every question may carry. */
export interface Question {
  readonly json: boolean;
  readonly round?: string;
  readonly place?: string;
  readonly missing?: boolean;
}

interface Counts {
  readonly roster: number;
  readonly sampled: number;
  readonly excused: number;
  readonly open: number;
}

async function withSession<T>(target: Target, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(target);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

function where({ round, place }: Question): { [k: string]: string | undefined } {
  return { round, place };
}

/** `sextant coverage`: who was sampled, excused, and who is still owed a sample. */
export function coverage(target: Target, question: Question): Promise<number> {
  return withSession(target, async ({ get }) => {
    const first = (await get('/v1/coverage', where(question))) as Counts & {
      children: (Counts & { code: string; label: { zh: string } })[];
    };
    const missing = question.missing === true ? await allMissing(get, question) : [];
    if (question.json) {
      printJson({ ...first, missing });
      return 0;
    }
    const { roster, sampled, excused, open } = first;
    printTable([{ roster, sampled, excused, open }]);
    process.stdout.write('\n');
    printTable(
      first.children.map(({ code, label, ...counts }) => placeRow(code, label.zh, counts)),
    );
    if (missing.length > 0) printTable(missing);
    return 0;
  });
}

function placeRow(
  code: string,
  label: string,
  { roster, sampled, excused, open }: Counts,
): object & {
  readonly [k: string]: unknown;
} {
  return { code, label, roster, sampled, excused, open };
}

async function allMissing(
  get: Session['get'],
  question: Question,
): Promise<{ readonly [k: string]: unknown }[]> {
  const all: { readonly [k: string]: unknown }[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page = (await get('/v1/coverage', {
      ...where(question),
      missing: 'true',
      after: String(after),
      limit: '1000',
    })) as { missing: { readonly [k: string]: unknown }[]; next?: number | null };
    all.push(...page.missing);
    after = page.next ?? null;
  }
  return all;
}

/** `sextant accounts`: the four accounts. */
export function fourAccounts(target: Target, question: Question): Promise<number> {
  return askTable(target, question, '/v1/accounts-four');
}

/** `sextant chain`: the six links. */
export function chain(target: Target, question: Question): Promise<number> {
  return askTable(target, question, '/v1/chain');
}

function askTable(target: Target, question: Question, path: string): Promise<number> {
  return withSession(target, async ({ get }) => {
    const answer = (await get(path, where(question))) as { [name: string]: object };
    if (question.json) printJson(answer);
    else printTable(Object.entries(answer).map(([name, counts]) => ({ name, ...counts })));
    return 0;
  });
}

interface Trace {
  readonly steps: readonly {
    at: number;
    kind: string;
    place: string;
    actor: string;
    subject: string;
  }[];
  readonly gaps: readonly { code: string }[];
}

/** `sextant trace`: a tube, a person or a box, hand by hand. */
export function trace(
  target: Target,
  { what, id, json }: { what: string; id: string; json: boolean },
): Promise<number> {
  return withSession(target, async ({ get }) => {
    const found = (await get(`/v1/trace/${what}/${encodeURIComponent(id)}`)) as Trace;
    if (json) {
      printJson(found);
      return 0;
    }
    printTable(
      found.steps.map(({ at, kind, subject, place: code, actor }) => {
        return { at: new Date(at).toISOString(), kind, subject, place: code, actor };
      }),
    );
    for (const { code } of found.gaps) process.stdout.write(`▲ ${code}\n`);
    return 0;
  });
}

/** `sextant verify`: recomputes the promises; 1 when one does not hold. */
export function verifyAll(target: Target, json: boolean): Promise<number> {
  return withSession(target, async ({ composed }) => {
    const { context, owner: pool } = composed;
    const { catalogue, policy, coverages } = context;
    const roster = context.roster();
    const outcome = await verify({ pool, catalogue, policy, coverages, roster }, progress);
    progressDone();
    if (json) printJson(outcome);
    else {
      printTable(outcome.checks.map(({ examples: _examples, ...check }) => ({ ...check })));
      for (const { examples } of outcome.checks) {
        for (const example of examples) process.stdout.write(`▲ ${example}\n`);
      }
      process.stdout.write(outcome.ok ? 'every promise holds\n' : 'not every promise holds\n');
    }
    return outcome.ok ? 0 : 1;
  });
}
