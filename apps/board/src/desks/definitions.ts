/** What a desk lists, starts, and does next. */
export interface Desk {
  readonly id: DeskId;
  readonly lane: 'specimen' | 'patient' | 'ground';
  /** Kinds of things on this desk, the main one first. */
  readonly prefixes: readonly string[];
  /** Acts that begin something new here. */
  readonly starts: readonly string[];
  /** By kind and stage: what can be done, the usual next step first. */
  readonly next: { readonly [prefix: string]: Steps };
  /** The stage that a kind's list begins with; whatever is not settled when left out. */
  readonly first?: { readonly [prefix: string]: string };
  /** What something urgent may do besides: urgency waits for no bed, car or paper. */
  readonly urgent?: Steps;
}

type Steps = { readonly [stage: string]: readonly string[] };

export type DeskId =
  | 'rounds'
  | 'sampling'
  | 'boxes'
  | 'laboratory'
  | 'results'
  | 'cases'
  | 'beds'
  | 'transfer'
  | 'admission'
  | 'places'
  | 'persons'
  | 'labels'
  | 'devices'
  | 'accounts'
  | 'duties'
  | 'findings';

const aboutNeeds = ['cases.note-needs', 'cases.list-contact', 'cases.decide-appeal'];
const aboutHold = ['cases.appeal', 'cases.end-isolation', ...aboutNeeds];

/** A person, from a positive pool to the way home. */
const personSteps: Steps = {
  retest: ['screening.record-tube', ...aboutNeeds],
  held: ['screening.record-tube', 'cases.order-isolation', 'cases.begin-isolation', ...aboutHold],
  contact: [
    'cases.order-isolation',
    'cases.begin-isolation',
    'cases.withdraw-contact',
    ...aboutHold,
  ],
  confirmed: [
    'cases.report-case',
    'transfer.request',
    'cases.record-investigation',
    'cases.begin-isolation',
    ...aboutHold,
  ],
  arrived: ['admission.admit', 'cases.report-case', 'cases.record-investigation', ...aboutNeeds],
  admitted: ['cases.record-investigation', 'cases.report-case', ...aboutNeeds],
  isolated: ['cases.end-isolation', 'cases.order-isolation', 'transfer.request', ...aboutHold],
  released: aboutNeeds,
  discharged: aboutNeeds,
};

const keeping = ['transfer.extend-promise', 'transfer.release-promise'];

/** A transfer, from asking to hand-over (rule TR-1). */
const transferSteps: Steps = {
  requested: ['transfer.triage', 'transfer.cancel'],
  triaged: [
    'transfer.promise-place',
    'transfer.assign-vehicle',
    'transfer.triage',
    'transfer.cancel',
    ...keeping,
  ],
  promised: [
    'transfer.assign-vehicle',
    'transfer.promise-place',
    'transfer.triage',
    'transfer.cancel',
    ...keeping,
  ],
  assigned: [
    'transfer.pick-up',
    'transfer.promise-place',
    'transfer.assign-vehicle',
    'transfer.triage',
    'transfer.cancel',
    ...keeping,
  ],
  moving: ['transfer.hand-over', 'transfer.pick-up', 'transfer.promise-place', ...keeping],
  arrived: keeping,
  cancelled: keeping,
};

const vehicleSteps: Steps = {
  free: ['transfer.register-vehicle'],
  busy: ['transfer.register-vehicle'],
  unregistered: ['transfer.register-vehicle'],
};

const inWard = [
  'admission.record-status',
  'admission.record-test',
  'admission.give-treatment',
  'admission.step',
  'admission.discharge',
  'admission.record-death',
];
const staySteps: Steps = { admitted: inWard };

/** Every desk, in the order of the chain; then the ground that the chain stands on. */
export const desks: readonly Desk[] = [
  {
    id: 'rounds',
    lane: 'specimen',
    prefixes: ['round'],
    starts: ['screening.open-round'],
    next: { round: { open: ['screening.close-round'] } },
  },
  {
    id: 'sampling',
    lane: 'specimen',
    prefixes: ['tube', 'entry'],
    first: { tube: 'open' },
    starts: [
      'screening.open-tube',
      'screening.record-tube',
      'screening.dispose-person',
      'screening.withdraw-disposition',
      'screening.add-walk-in',
    ],
    next: {
      tube: {
        // The rack above has the people and the sealing.
        open: ['screening.void-tube'],
        sealed: ['screening.void-tube'],
      },
      entry: {
        excused: ['screening.withdraw-disposition', 'screening.dispose-person'],
        away: ['screening.withdraw-disposition', 'screening.dispose-person'],
        deferred: ['screening.withdraw-disposition', 'screening.dispose-person'],
        refused: ['screening.dispose-person', 'screening.withdraw-disposition'],
        'home-visit': ['screening.dispose-person', 'screening.withdraw-disposition'],
        'walk-in': ['screening.dispose-person'],
        open: ['screening.dispose-person'],
      },
    },
  },
  {
    id: 'boxes',
    lane: 'specimen',
    prefixes: ['box'],
    starts: ['custody.seal-box', 'custody.receive'],
    next: {
      box: {
        sealed: ['custody.hand-over', 'custody.receive', 'custody.report-lost'],
        moving: ['custody.receive', 'custody.hand-over', 'custody.report-lost'],
        received: ['custody.reconcile'],
        lost: ['custody.receive'],
      },
    },
  },
  {
    id: 'laboratory',
    lane: 'specimen',
    prefixes: ['plate', 'accession'],
    starts: ['laboratory.accession', 'laboratory.load-plate'],
    next: {
      plate: {
        loaded: ['laboratory.read-plate', 'laboratory.reject-plate'],
        read: ['laboratory.sign-plate', 'laboratory.read-plate', 'laboratory.reject-plate'],
        signed: ['results.release', 'laboratory.waive-rerun', 'laboratory.reject-plate'],
        rejected: ['laboratory.waive-rerun'],
      },
      accession: {},
    },
  },
  {
    id: 'results',
    lane: 'specimen',
    prefixes: ['release', 'plate'],
    starts: ['results.release', 'results.amend'],
    next: {
      release: {
        released: ['results.amend'],
        amended: ['results.confirm-informed', 'results.amend'],
      },
    },
  },
  {
    id: 'cases',
    lane: 'patient',
    prefixes: ['person'],
    starts: ['cases.list-contact', 'cases.note-needs', 'cases.order-isolation'],
    next: { person: personSteps },
  },
  {
    id: 'beds',
    lane: 'patient',
    prefixes: ['unit'],
    starts: ['capacity.declare-unit'],
    next: {
      unit: {
        open: ['capacity.report-count', 'capacity.declare-unit'],
        full: ['capacity.report-count', 'capacity.declare-unit'],
        undeclared: ['capacity.declare-unit'],
        closed: ['capacity.declare-unit'],
      },
    },
  },
  {
    id: 'transfer',
    lane: 'patient',
    prefixes: ['transfer', 'vehicle'],
    starts: ['transfer.request', 'transfer.register-vehicle'],
    next: { transfer: transferSteps, vehicle: vehicleSteps },
    urgent: {
      requested: ['transfer.promise-place', 'transfer.assign-vehicle', 'transfer.pick-up'],
      triaged: ['transfer.pick-up'],
      promised: ['transfer.pick-up'],
      moving: ['transfer.assign-vehicle'],
    },
  },
  {
    id: 'admission',
    lane: 'patient',
    prefixes: ['stay'],
    starts: ['admission.admit'],
    next: { stay: staySteps },
  },
  {
    id: 'places',
    lane: 'ground',
    prefixes: ['point'],
    starts: ['places.open-point'],
    next: { point: { open: ['places.close-point'], closed: ['places.open-point'] } },
  },
  { id: 'persons', lane: 'ground', prefixes: ['roster'], starts: [], next: {} },
  { id: 'labels', lane: 'ground', prefixes: [], starts: [], next: {} },
  { id: 'devices', lane: 'ground', prefixes: [], starts: [], next: {} },
  { id: 'duties', lane: 'ground', prefixes: [], starts: [], next: {} },
  {
    id: 'findings',
    lane: 'ground',
    prefixes: ['finding'],
    starts: [],
    next: {
      finding: {
        open: ['duties.take-finding', 'duties.close-finding'],
        taken: ['duties.close-finding', 'duties.take-finding'],
      },
    },
  },
  { id: 'accounts', lane: 'ground', prefixes: [], starts: [], next: {} },
];

/** A desk by its name in the address; null when there is none of that name. */
export function findDesk(id: string | null): Desk | null {
  return desks.find((desk) => desk.id === id) ?? null;
}

/** The desk on which a kind of thing is worked at; null for kinds that have none. */
export function deskOf(prefix: string): Desk | null {
  return desks.find((desk) => desk.next[prefix] !== undefined) ?? null;
}

/** Stages that this desk knows of a kind of thing, in the order of the work. */
export function stagesOf(desk: Desk, prefix: string): readonly string[] {
  return Object.keys(desk.next[prefix] ?? {});
}

export interface Step {
  /** `custody.hand-over`. */
  readonly name: string;
  readonly possible: boolean;
  /** The stages in which it would be possible. */
  readonly stages: readonly string[];
}

/** Acts that end a duty: what is owed first is offered first. */
const actThatEnds: { readonly [duty: string]: string } = {
  'cases.recall': 'screening.record-tube',
  'cases.contact-test': 'screening.record-tube',
  'cases.isolate': 'cases.begin-isolation',
  'cases.report': 'cases.report-case',
  'cases.investigate': 'cases.record-investigation',
  'cases.transfer': 'transfer.request',
  'cases.admit': 'admission.admit',
  'cases.take-in': 'admission.admit',
  'cases.release': 'cases.end-isolation',
  'cases.plan-needs': 'cases.note-needs',
  'cases.decide-appeal': 'cases.decide-appeal',
  'admission.record-status': 'admission.record-status',
  'admission.step-up': 'admission.step',
  'admission.discharge': 'admission.discharge',
};

/** Acts that undo or keep waiting: possible, and never the main button. */
const neverFirst = [
  'screening.void-tube',
  'custody.report-lost',
  'custody.reconcile',
  'laboratory.reject-plate',
  'laboratory.waive-rerun',
  'cases.appeal',
  'transfer.cancel',
  'transfer.extend-promise',
  'transfer.release-promise',
  'admission.record-death',
  'places.close-point',
];

/** Whether an act may be the one button that stands out. */
export function mayStandOut(name: string): boolean {
  return !neverFirst.includes(name);
}

interface Situation {
  readonly prefix: string;
  readonly stage: string;
  readonly isUrgent: boolean;
  /** Kinds of the duties that are open, the one due first in front. */
  readonly pressing: readonly string[];
}

/** What can be done with a thing at its stage, the usual next step first, then what cannot yet. */
export function stepsAt(
  desk: Desk,
  { prefix, stage, isUrgent, pressing }: Situation,
): readonly Step[] {
  const table = desk.next[prefix] ?? {};
  const now = [
    ...new Set([...(table[stage] ?? []), ...(isUrgent ? (desk.urgent?.[stage] ?? []) : [])]),
  ];
  const all = [...new Set(Object.values(table).flat())];
  const stages = (name: string) => Object.keys(table).filter((each) => table[each]?.includes(name));
  const first = pressing.flatMap((kind) => actThatEnds[kind] ?? []);
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  const ordered = [...now].sort((a, b) => rank(a) - rank(b));
  return [
    ...ordered.map((name) => ({ name, possible: true, stages: stages(name) })),
    ...all
      .filter((name) => !now.includes(name))
      .map((name) => ({ name, possible: false, stages: stages(name) })),
  ];
}
