import { go, href } from '../route.ts';
import type { Desk } from './definitions.ts';

/** Opens what an act has just put on record. */
export function openSubject(desk: Desk, subjects: readonly string[]): void {
  const own = subjects.find((subject) => desk.prefixes.includes(subject.split(':')[0] ?? ''));
  go(own === undefined ? href(['desk', desk.id]) : href(['desk', desk.id, own]));
}
