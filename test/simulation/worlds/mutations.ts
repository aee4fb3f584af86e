/** One guard taken out: the text that is replaced, exactly once in its file. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const receive = 'ledger/receive.ts';
const outbox = 'ledger/outbox.ts';
const pace = 'ledger/outbox-pace.ts';
const sync = 'adapters/device/sync.ts';

function without(name: string, file: string, from: string): Mutation {
  return { name, file, from, to: '' };
}

/** A condition that never holds: the code behind it stays, and compiles. */
function never(name: string, file: string, condition: string): Mutation {
  return { name, file, from: `if (${condition}) {`, to: 'if (Boolean(0)) {' };
}

const receiveMutations: readonly Mutation[] = [
  without(
    'receive-form',
    receive,
    "if (fault !== null) return setAside(id, 'ledger.malformed-fact', fault.where, fault.detail);",
  ),
  never('receive-kind', receive, 'known === undefined'),
  never('receive-subject', receive, 'prefixOf(envelope.subject) !== known.subject.prefix'),
  never('receive-subject-key', receive, '!known.subjectKey.test(keyOf(envelope.subject))'),
  never('receive-body', receive, 'bodyFault !== null'),
  never('receive-place', receive, 'path === null'),
  never(
    'receive-permit',
    receive,
    'known.kind.permits.length === 0 || !mayAct(actor, known.kind.permits, path)',
  ),
  never('receive-reserved-id', receive, "envelope.id.startsWith('d.')"),
  without('receive-set-aside', receive, 'if (isSetAside(item)) return item;'),
  without('receive-known', receive, 'if (earlier !== undefined) return again(item, earlier);'),
  without('receive-known-in-batch', receive, ' ?? fresh.get(item.id)'),
  never('receive-same-content', receive, 'contentOf(item) !== contentOf(earlier)'),
  without('receive-number', receive, 'if (holder !== undefined) return reused(item, holder);'),
  without('receive-number-in-batch', receive, 'numbers.set(number, item.id);'),
  without('receive-settle', receive, 'await work.settle();'),
  {
    name: 'receive-known-receipt',
    file: receive,
    from: "if (verdict.kind !== 'known' || verdict.receipt > 0) return verdict;",
    to: 'return verdict;',
  },
];

const outboxMutations: readonly Mutation[] = [
  without(
    'outbox-late-answer',
    outbox,
    "if (state.phase !== 'sending' || event.batch !== state.batch) return still(state);",
  ),
  without(
    'outbox-kept-meanwhile',
    outbox,
    'if (state.more) return send({ ...state, suspects: 0 }, moment);',
  ),
  {
    name: 'outbox-kept',
    file: outbox,
    from: "state.phase === 'idle' ? send(state, moment) : ",
    to: '',
  },
  { name: 'outbox-batch-max', file: outbox, from: 'Math.min(size, sizeMax)', to: 'size' },
  {
    name: 'outbox-halve-suspects',
    file: outbox,
    from: 'suspects === 0 ? allowed : Math.min(allowed, Math.ceil(suspects / 2))',
    to: 'allowed',
  },
  without(
    'outbox-early-timer',
    outbox,
    'if (nextTryAt !== null && moment.now < nextTryAt) return rest(state, nextTryAt);',
  ),
  {
    name: 'outbox-wrong-hint',
    file: outbox,
    from: 'return send({ ...state, online: true }, moment);',
    to: 'return send(state, moment);',
  },
  without('outbox-one-in-flight', outbox, "state.phase === 'sending' || "),
  without('outbox-stays-stopped', outbox, " || state.phase === 'stopped'"),
  without('outbox-push-rests', outbox, 'if (moment.now < earliest) return rest(state, earliest);'),
  without('outbox-push-waits', outbox, ', state.notBefore'),
  without('outbox-sign-in', outbox, "if (state.phase !== 'stopped') return state;"),
  { name: 'outbox-settles-nothing', file: outbox, from: 'done === 0\n', to: 'done < 0\n' },
  without('outbox-refused-which', outbox, ' && (item.id === null || item.id === id)'),
  never('outbox-refused', outbox, 'refusal !== undefined'),
  {
    name: 'outbox-silent-is-not-delivered',
    file: outbox,
    from: '(receipt !== undefined) {\n      delivered.push({ id, receipt });',
    to: '(silent > 0) {\n      delivered.push({ id, receipt: receipt ?? null });',
  },
  { name: 'outbox-silences', file: outbox, from: 'silent >= pace.silencesMax', to: 'silent < 0' },
  {
    name: 'outbox-failures-forgotten',
    file: outbox,
    from: 'send({ ...next, failures: 0, trouble: null }',
    to: 'send({ ...next, trouble: null }',
  },
  without('outbox-timed-out', outbox, "if (timedOut) return 'overloaded';"),
  without('outbox-unreached', outbox, "if (status === null || status < 400) return 'unreached';"),
  without('outbox-signed-out', outbox, "if (status === 401) return 'signed-out';"),
  without(
    'outbox-overloaded',
    outbox,
    "if ([408, 425, 429, 502, 503, 504].includes(status)) return 'overloaded';",
  ),
  {
    name: 'outbox-faulty',
    file: outbox,
    from: "status < 500 ? 'refused' : 'faulty'",
    to: "'refused'",
  },
  {
    name: 'outbox-smaller',
    file: outbox,
    from: 'size: halved(nextSize(state))',
    to: 'size: state.size',
  },
  {
    name: 'outbox-retry-after-max',
    file: outbox,
    from: 'Math.min(retryAfterMs ?? 0, pace.retryAfterMsMax)',
    to: '(retryAfterMs ?? 0)',
  },
  {
    name: 'outbox-retry-after',
    file: outbox,
    from: 'Math.max(asked, restMs',
    to: 'Math.max(0, restMs',
  },
  never('outbox-faults', outbox, 'faults < paceOf(moment).faultsMax'),
  {
    name: 'outbox-faults-over',
    file: outbox,
    from: 'faultsOver === state.faultsOver ? state.faults + 1 : 1',
    to: 'state.faults + 1',
  },
  { name: 'outbox-fault-halved', file: outbox, from: 'isAlone ? 0 : sent.length', to: '0' },
  {
    name: 'outbox-fault-alone',
    file: outbox,
    from: "isAlone ? setAsideAlone(event, 'outbox.server-fault') : []",
    to: "setAsideAlone(event, 'outbox.server-fault')",
  },
  {
    name: 'outbox-fault-set-aside',
    file: outbox,
    from: "isAlone ? setAsideAlone(event, 'outbox.server-fault') : []",
    to: '[]',
  },
  without(
    'outbox-isolate',
    outbox,
    'if (sent.length > 1) return send({ ...state, suspects: sent.length }, moment);',
  ),
  {
    name: 'outbox-isolated',
    file: outbox,
    from: '= setAsideAlone(event, failure.code);',
    to: '= [];',
  },
  {
    name: 'outbox-lone-refusals',
    file: outbox,
    from: 'loneRefusals >= paceOf(moment).loneRefusalsMax',
    to: 'false',
  },
  { name: 'outbox-floor', file: pace, from: 'Math.max(pace.restMsMin, ', to: 'Math.max(0, ' },
  { name: 'outbox-ceiling', file: pace, from: 'Math.min(pace.restMsMax, ', to: 'Math.max(0, ' },
  { name: 'outbox-never-nothing', file: pace, from: 'Math.max(1, ', to: 'Math.max(0, ' },
  {
    name: 'sync-settled-first',
    file: sync,
    from: "if (phase === 'sending') {",
    to: 'if (Boolean(0)) {',
  },
];

/** Every guard of the two machines and of their driver. */
export const mutations: readonly Mutation[] = [...receiveMutations, ...outboxMutations];
