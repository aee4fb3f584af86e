import type {
  FactRow,
  Gap,
  JsonObject,
  SubjectReply,
  TraceReply,
  TubeReply,
} from '../api/types.ts';
import { type Resource, useResource } from '../resource.ts';

/** One thing with everything on record about it, whatever kind it is. */
export interface Thing {
  readonly subject: string;
  readonly stage: string;
  readonly since: number | null;
  readonly holder: string | null;
  readonly place: string | null;
  readonly done: boolean;
  readonly state: JsonObject;
  readonly facts: readonly FactRow[];
  readonly duties: NonNullable<SubjectReply['duties']>;
  readonly findings: readonly Gap[];
}

const liveEveryMs = 3_000;

/** Stages in which a tube is nobody's work any more. */
const tubeDone = ['released', 'lost', 'voided'];

/** Asks for a thing. Tubes are so many that the server keeps them apart and answers otherwise. */
export function useThing(subject: string): Resource<Thing> {
  const [prefix = '', ...rest] = subject.split(':');
  const key = rest.join(':');
  const isTube = prefix === 'tube';
  const tube = useResource<TubeReply>(isTube ? `/tubes/${encodeURIComponent(key)}` : null, {
    liveEveryMs,
  });
  const trace = useResource<TraceReply>(isTube ? `/trace/tube/${encodeURIComponent(key)}` : null, {
    liveEveryMs,
  });
  const other = useResource<SubjectReply>(
    isTube ? null : `/subjects/${encodeURIComponent(subject)}`,
    {
      liveEveryMs,
    },
  );
  if (!isTube) return { ...other, data: other.data === null ? null : thingOf(other.data) };
  const data = tube.data === null ? null : tubeThing(subject, tube.data, trace.data);
  const refetch = () => {
    tube.refetch();
    trace.refetch();
  };
  return { ...tube, data, refetch };
}

function thingOf(reply: SubjectReply): Thing {
  return { ...reply, duties: reply.duties ?? [], findings: reply.findings ?? [] };
}

function tubeThing(subject: string, reply: TubeReply, trace: TraceReply | null): Thing {
  const { stage, since, seal, custody, accession, plate, result } = reply;
  const state: Record<string, JsonObject> = {};
  const parts = { seal, custody, accession, plate, result };
  for (const [name, part] of Object.entries(parts)) {
    if (part !== null) state[name] = part;
  }
  const carrier = custody?.['holder'];
  return {
    subject,
    stage,
    since,
    holder: typeof carrier === 'string' ? carrier : (seal?.sealedBy ?? null),
    place: seal?.place ?? null,
    done: tubeDone.includes(stage),
    state,
    facts: trace?.steps.map((step) => ({ ...step, place: step.place ?? '' })) ?? [],
    duties: [],
    findings: trace?.gaps ?? [],
  };
}
