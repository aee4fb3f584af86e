/** Replies of `/v1` as the board reads them. Fields that the server may add are ignored. */

/** A name as the server gives it: one text, or one in each language. */
export type Words = string | { readonly zh?: string; readonly en?: string };

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [k: string]: Json };
export type JsonObject = { readonly [k: string]: Json };

export const links = ['collect', 'deliver', 'test', 'report', 'transfer', 'admit'] as const;
export type Link = (typeof links)[number];

export const accounts = ['test', 'isolate', 'admit', 'treat'] as const;
export type Account = (typeof accounts)[number];

export interface Role {
  readonly role: string;
  readonly place: string;
}

export interface Session {
  readonly token?: string;
  readonly account: string;
  readonly roles: readonly Role[];
}

export interface LinkFigures {
  readonly waiting: number;
  readonly oldestMinutes: number | null;
  readonly overdue: number;
  readonly passed: number;
  /** How many may wait before it is too many; absent when no such limit is set. */
  readonly limit?: number | null;
  /** What is counted, when the server says so: persons, tubes, boxes. */
  readonly unit?: string;
}

export interface AccountFigures {
  readonly due: number;
  readonly done: number;
  readonly open: number;
  readonly overdue: number;
}

export interface CoverageFigures {
  readonly roster: number;
  readonly sampled: number;
  readonly excused: number;
  readonly open: number;
}

export interface PlaceCoverage extends CoverageFigures {
  readonly code: string;
  readonly label: Words;
}

export interface MissingPerson {
  readonly person: number;
  readonly household: number | null;
  readonly place: string;
  /** The household's door: 301室. */
  readonly room: string | null;
  readonly disposition: string | null;
  readonly reason: string | null;
  readonly holder: string | null;
}

export interface CoverageReply extends CoverageFigures {
  readonly children: readonly PlaceCoverage[];
  readonly missing?: readonly MissingPerson[];
  readonly next?: string | number | null;
}

export interface Duty {
  readonly subject?: string;
  readonly key?: string;
  readonly kind: string;
  readonly account: Account | null;
  readonly link: Link | null;
  readonly person: number | null;
  readonly owner: string;
  readonly place: string;
  readonly since: number;
  readonly dueAt: number;
  readonly endedAt: number | null;
  readonly ending: string | null;
}

export interface Finding {
  readonly subject?: string;
  readonly key: string;
  readonly code: string;
  readonly owner: string;
  readonly place: string;
  readonly at: number;
  readonly details?: JsonObject;
  readonly stage?: string;
  readonly holder?: string | null;
}

export interface UnitBeds {
  readonly unit: string;
  readonly facility: string | null;
  readonly label: Words | null;
  readonly bedKind: string | null;
  readonly beds: number;
  readonly promised: number;
  readonly occupied: number | null;
  readonly free: number | null;
  readonly countAgeMinutes: number | null;
  readonly stale: boolean;
}

export interface PlaceRef {
  readonly code: string;
  readonly label: Words;
}

export interface RoundRef {
  readonly id: string;
  readonly label: Words;
  readonly stage?: string;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
}

export interface BoardReply {
  /** The server's clock, ISO 8601. */
  readonly asOf: string;
  readonly place: PlaceRef & { readonly parents: readonly PlaceRef[] };
  readonly round: RoundRef | null;
  readonly rounds: readonly RoundRef[];
  readonly links: Readonly<Record<Link, LinkFigures>>;
  readonly accounts: Readonly<Record<Account, AccountFigures>>;
  readonly coverage: CoverageFigures & { readonly children: readonly PlaceCoverage[] };
  readonly duties: { readonly overdue: number; readonly top: readonly Duty[] };
  readonly beds: readonly UnitBeds[];
  readonly findings: { readonly open: number; readonly top: readonly Finding[] };
}

export interface LinkRow {
  readonly subject: string;
  readonly label?: Words | null;
  readonly stage: string;
  readonly since: number | null;
  readonly ageMinutes: number | null;
  readonly overdue: boolean;
  readonly holder: string | null;
  readonly place: string | null;
}

export interface SubjectRow {
  readonly subject: string;
  readonly stage: string;
  readonly since: number | null;
  readonly holder: string | null;
  readonly place: string | null;
  readonly done: boolean;
  readonly state: JsonObject;
}

export interface FactRow {
  readonly receipt?: number | null;
  readonly kind: string;
  readonly at: number;
  readonly actor: string;
  readonly place: string;
  readonly body: JsonObject;
}

export interface SubjectReply extends SubjectRow {
  readonly facts: readonly FactRow[];
  readonly duties?: readonly Omit<Duty, 'subject' | 'person' | 'place'>[];
  readonly findings?: readonly Gap[];
}

/** A contradiction on record about one thing. */
export interface Gap {
  readonly code: string;
  readonly details?: JsonObject;
  readonly at: number;
}

/** A tube and what each room says of it. */
export interface TubeReply {
  readonly tube: string;
  readonly stage: string;
  readonly since: number | null;
  readonly seal: {
    readonly round: string;
    readonly purpose: string;
    readonly poolSize: number;
    readonly members: readonly number[];
    readonly point: string;
    readonly place: string;
    readonly sealedAt: number | null;
    readonly sealedBy: string;
  } | null;
  readonly custody: JsonObject | null;
  readonly accession: JsonObject | null;
  readonly plate: JsonObject | null;
  readonly result: JsonObject | null;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; absent or null when this was the last. */
  readonly next?: string | number | null;
}

export interface TraceStep {
  readonly at: number;
  readonly kind: string;
  /** Who held it after this step, when the server says so. */
  readonly holder?: string | null;
  readonly place: string | null;
  readonly actor: string;
  readonly body: JsonObject;
  readonly subject?: string;
}

export interface TraceReply {
  readonly subject: string;
  readonly steps: readonly TraceStep[];
  readonly gaps: readonly Gap[];
}

export interface PlaceRow {
  readonly code: string;
  readonly label: Words;
  readonly level?: string;
  readonly kind?: string;
  readonly parents?: readonly PlaceRef[];
  readonly children?: readonly PlaceRow[];
}

export interface PersonRow {
  readonly person: number;
  readonly name: string;
  readonly documentType?: string | null;
  readonly documentNumber?: string | null;
  readonly phone?: string | null;
  readonly home?: string | null;
}

/** One thing wrong in a file that was imported. */
export interface FileFault {
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly reason: string;
}

export interface ImportReply {
  readonly rows: number;
  readonly imported: number;
  readonly updated: number;
  readonly unchanged?: number;
  readonly rejected: number;
  readonly placesMade?: number;
  readonly faults: readonly FileFault[];
  readonly faultCount: number;
}

/** What can be done, and what the rooms call their things and facts. */
export interface Catalogue {
  readonly rooms: readonly { readonly name: string; readonly label: Words }[];
  readonly subjects: readonly { readonly prefix: string; readonly label: Words }[];
  readonly facts: readonly { readonly name: string; readonly label: Words }[];
  readonly acts: readonly ActEntry[];
  /** Words of refusals and findings by their codes. */
  readonly codes: { readonly [code: string]: { readonly zh: string; readonly en: string } };
}

export interface ActEntry {
  readonly room: string;
  readonly act: string;
  readonly kind: 'report' | 'claim';
  readonly roles: readonly string[];
  readonly label: { readonly zh: string; readonly en: string };
  readonly schema: Schema;
}

/** The part of JSON Schema that the acts use. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Schema[];
  readonly default?: Json;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
}

export interface AccountRow {
  readonly account: string;
  readonly roles: readonly Role[];
  readonly disabled?: boolean;
}

/** How a device stands, the most pressing word first. */
export type DeviceStage = 'lost' | 'gap' | 'silent' | 'waiting' | 'complete';

/** A device of the field, and what of it is missing. */
export interface DeviceRow {
  readonly device: string;
  readonly label: string;
  readonly account: string;
  readonly app: string;
  readonly place: string | null;
  readonly lastSeenAt: number;
  readonly keptSeq: number;
  readonly receivedSeq: number;
  readonly missing: readonly (readonly [from: number, to: number])[];
  readonly missingCount: number;
  readonly missingSince: number | null;
  readonly waiting: number;
  readonly clockAheadMs: number | null;
  readonly stage: DeviceStage;
  readonly lost: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly wentBack: {
    readonly at: number;
    readonly from: number;
    readonly to: number;
    readonly account: string;
  } | null;
}

/** A kind of sheet or barcode that labels can have. */
export interface LabelChoice {
  readonly name: string;
  readonly label: Words;
  /** Labels on a page; sheets only. */
  readonly onPage?: number;
}

/** A print run: which labels, on what, by whom. */
export interface LabelRunRow {
  readonly run: string;
  readonly kind: 'tube' | 'box' | 'person';
  readonly count: number;
  /** First and last label; null for cards, which have no numbers of their own. */
  readonly first: string | null;
  readonly last: string | null;
  readonly place: string | null;
  readonly layoutLabel: Words;
  readonly account: string;
  readonly madeAt: number;
}

/** What labels can be printed on, and what was. */
export interface LabelShelf {
  readonly layouts: readonly LabelChoice[];
  readonly symbols: readonly LabelChoice[];
  readonly rows: readonly LabelRunRow[];
}
