import type { Json, JsonObject } from '../api/types.ts';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { nameIn } from '../language/say.ts';
import { useSpeech } from '../language/translate.ts';
import { PlaceName } from '../parts/PlaceName.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';

interface Props {
  readonly state: JsonObject;
  /** Fields that the page already shows elsewhere. */
  readonly without?: readonly string[];
}

/** Values longer than this are cut, with how many more there are. */
const listedMax = 24;

/** What is known of a thing, field by field in words; empty fields are left out. */
export function StateView({ state, without = [] }: Props) {
  const { fieldName } = useDomain();
  const fields = Object.entries(state).filter(
    ([name, value]) => !without.includes(name) && !marks.includes(name) && !isEmpty(value),
  );
  if (fields.length === 0) return null;
  return (
    <dl className="fields">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{fieldName(name)}</dt>
          <dd>
            <Value field={name} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Fields that name a thing of another kind, by the kind. */
const naming: { readonly [field: string]: string } = {
  tube: 'tube',
  tubes: 'tube',
  present: 'tube',
  missing: 'tube',
  extra: 'tube',
  broken: 'tube',
  person: 'person',
  persons: 'person',
  members: 'person',
  added: 'person',
  careOf: 'person',
  of: 'person',
  box: 'box',
  boxes: 'box',
  plate: 'plate',
  plates: 'plate',
  units: 'unit',
  facilities: 'point',
  children: 'person',
  round: 'round',
  point: 'point',
  laboratory: 'point',
  facility: 'point',
  unit: 'unit',
  transfer: 'transfer',
  stay: 'stay',
  vehicle: 'vehicle',
};

/** Fields that hold many; a finding may give their number alone. */
const several = ['members', 'persons', 'added', 'tubes', 'missing', 'extra', 'broken', 'present'];

/** Codes of places: official digits, and made serials below a community. */
const placePattern = /^\d{6,12}(-\d+)*$/;
const places = ['place', 'home', 'from', 'areas'];

/** What only the program needs: which fact said so, and in which order. */
const marks = [
  'id',
  'factId',
  'sealFactId',
  'causeId',
  'causeLamport',
  'lamport',
  'lastFactId',
  'lastId',
  'causeAt',
];

interface ValueProps {
  readonly field: string;
  readonly value: Json;
  /** One of several: then a number names a thing; alone in a field of many it is how many. */
  readonly isItem?: boolean;
}

function Value({ field, value, isItem = false }: ValueProps) {
  const { t, count, language } = useSpeech();
  const { holderName, valueName, actorName } = useDomain();
  const moment = useMoments();
  if (typeof value === 'boolean') return <>{t(value ? 'common.yes' : 'common.no')}</>;
  if (Array.isArray(value)) return <List field={field} values={value} />;
  if (value !== null && typeof value === 'object') {
    const object = value as JsonObject;
    // A rule set is known by its name; its tables stand in the settings.
    if (field === 'ruleSet') return <>{valueName(field, String(object['id']))}</>;
    if (typeof object['zh'] === 'string') return <>{nameIn(language, object)}</>;
    return <StateView state={object} />;
  }
  if (typeof value === 'number') {
    if (/(At|^until|^since|^at)$/.test(field) && value > 1e11) return <>{moment(value)}</>;
    const prefix = isItem || !several.includes(field) ? naming[field] : undefined;
    if (prefix === undefined) return <>{exact(value, count)}</>;
    return <SubjectLink subject={`${prefix}:${value}`} short />;
  }
  if (value === null) return <>–</>;
  const text = String(value);
  if (field === 'by' || field === 'firstBy' || field === 'actor') return <>{actorName(text)}</>;
  if (/^(user|role):/.test(text)) return <>{holderName(text)}</>;
  if (/^[a-z]+:./.test(text)) return <SubjectLink subject={text} />;
  const prefix = naming[field];
  if (prefix !== undefined) return <SubjectLink subject={`${prefix}:${text}`} short />;
  if (places.includes(field) && placePattern.test(text)) return <PlaceName code={text} />;
  return <>{valueName(field, text)}</>;
}

function exact(value: number, count: (value: number) => string): string {
  return Number.isInteger(value) ? count(value) : String(value);
}

function List({ field, values }: { field: string; values: readonly Json[] }) {
  const { t } = useSpeech();
  const more = values.length - listedMax;
  return (
    <ul className="value-list">
      {values.slice(0, listedMax).map((value, index) => (
        <li key={index}>
          <Value field={field} value={value} isItem />
        </li>
      ))}
      {more > 0 ? <li className="soft">{t('common.more', { count: more })}</li> : null}
    </ul>
  );
}
