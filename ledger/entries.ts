import type { RecordPatch, SubjectView } from './derive.ts';
import type { RecordEntry, RecordState } from './room.ts';

/** A record with one source's word on one group in place of the earlier; null takes it back. */
export function withEntry(
  { key, groups }: RecordState,
  { group, source }: { readonly group: string; readonly source: string },
  entry: Omit<RecordEntry, 'source'> | null,
): RecordState {
  const said = (groups[group] ?? []).filter((each) => each.source !== source);
  if (entry !== null) said.push({ source, ...entry });
  if (said.length > 1) said.sort((left, right) => (left.source < right.source ? -1 : 1));
  if (said.length > 0) return { key, groups: { ...groups, [group]: said } };
  const { [group]: _empty, ...rest } = groups;
  return { key, groups: rest };
}

/** One record that a subject speaks of, and what of it. */
export interface Patched {
  readonly group: RecordPatch['group'];
  readonly key: string;
}

/** The records that a view speaks of, by group and key. */
export function patchedBy(view: SubjectView): ReadonlyMap<string, Patched> {
  const pairs = view.patches.flatMap(({ group, entries }) =>
    entries.map(({ key }): [string, Patched] => [`${group}/${key}`, { group, key }]),
  );
  return new Map(pairs);
}

/** Whether two lists hold the same numbers in the same order. */
export function sameNumbers(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
