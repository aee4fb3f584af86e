import { queryText } from '../../api/client.ts';
import type { JsonObject, Page, SubjectRow } from '../../api/types.ts';
import { useDomain } from '../../language/domain.ts';
import { nameIn } from '../../language/say.ts';
import { useSpeech } from '../../language/translate.ts';
import { useResource } from '../../resource.ts';
import { referenceKinds } from '../form-values.ts';
import type { FieldProps } from './field-parts.tsx';
import { Suggested } from './Suggested.tsx';

/** Which points a field means by its name. */
const pointKinds: { readonly [field: string]: readonly string[] } = {
  laboratory: ['laboratory'],
  facility: ['isolation', 'fangcang', 'hospital'],
  point: ['sampling'],
};

const suggestionsMax = 200;

/** Another thing on record: those that are open are suggested by name. */
export function ReferenceField(props: FieldProps) {
  const { language } = useSpeech();
  const { stageName } = useDomain();
  const prefix = referenceKinds[props.name] ?? props.name;
  const query = queryText({ prefix, done: false, limit: suggestionsMax });
  const { data } = useResource<Page<SubjectRow>>(`/subjects${query}`);
  const rows = (data?.rows ?? []).filter(({ state }) => suits(props.name, state));
  const suggestions = rows.map(({ subject, stage, state }) => {
    const id = subject.slice(prefix.length + 1);
    const name = nameIn(language, labelOf(state));
    return {
      id,
      text: name === '' ? id : name,
      note: name === '' ? stageName(subject, stage) : id,
    };
  });
  return <Suggested field={props} suggestions={suggestions} />;
}

function suits(field: string, state: JsonObject): boolean {
  const kinds = pointKinds[field];
  const particulars = state['particulars'];
  if (kinds === undefined || particulars === null || typeof particulars !== 'object') return true;
  const { pointKind } = particulars as JsonObject;
  return typeof pointKind !== 'string' || kinds.includes(pointKind);
}

/** The name that a thing carries in its state; null when it goes by its number alone. */
export function labelOf(state: JsonObject): { zh?: string; en?: string } | null {
  const particulars = state['particulars'];
  const inner =
    particulars !== null && typeof particulars === 'object' ? (particulars as JsonObject) : state;
  const label = inner['label'];
  if (label === null || typeof label !== 'object') return null;
  const { zh, en } = label as JsonObject;
  return { ...(typeof zh === 'string' ? { zh } : {}), ...(typeof en === 'string' ? { en } : {}) };
}
