import { type Check, Tally, type VerifyContext } from './check.ts';

/**
 * P4. No bed, seat or well is held twice: recomputed from the facts without the database's help,
 * then compared with the table whose key forbids it.
 */
export async function checkScarce({ pool, replayed }: VerifyContext): Promise<Check[]> {
  const once = new Tally('P4', 'bed, seat or well: one holder');
  const stored = new Tally('P4', 'bed, seat or well: the database says the same');
  const holders = new Map<string, string[]>();
  for (const { subject, slots } of replayed.derived.values()) {
    for (const { resource, index } of slots) {
      const key = `${resource}#${index}`;
      holders.set(key, [...(holders.get(key) ?? []), subject]);
    }
  }
  for (const [key, subjects] of holders) {
    once.look(subjects.length === 1 ? null : `${key} is held by ${subjects.join(' and ')}`);
  }
  const { rows } = await pool.query<{ key: string; subject: string }>(
    `select resource || '#' || index as key, subject from slots`,
  );
  const inDatabase = new Map(rows.map(({ key, subject }) => [key, subject]));
  for (const key of new Set([...holders.keys(), ...inDatabase.keys()])) {
    const [expected] = holders.get(key) ?? [];
    const same = expected === inDatabase.get(key);
    stored.look(same ? null : `${key}: facts say ${expected}, database ${inDatabase.get(key)}`);
  }
  return [once.check(), stored.check()];
}
