import type { FieldRoster } from '../../../../adapters/device/types.ts';

let isListed = false;

/**
 * Names need more characters than the words of the app. Where the phone has Chinese of its own
 * nothing is fetched; elsewhere the slices that the names of this place need, which then stay.
 */
export async function prepareNames(roster: FieldRoster): Promise<void> {
  if (document.documentElement.dataset['han'] === 'own') return;
  try {
    if (!isListed) await import('./names-slices.ts');
    isListed = true;
    await document.fonts.load("17px 'Noto Sans SC Variable'", charactersOf(roster));
  } catch {
    // No signal: the next start tries again.
  }
}

/** Every character in a name or an address of this place, once. */
export function charactersOf(roster: FieldRoster): string {
  const found = new Set<string>();
  for (const { code, label } of roster.buildings()) {
    for (const character of label.zh) found.add(character);
    for (const household of roster.households(code)) {
      for (const person of household.persons) {
        for (const character of roster.person(person)?.name ?? '') found.add(character);
      }
    }
  }
  return [...found].join('');
}
