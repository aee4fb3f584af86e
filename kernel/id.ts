/** The alphabet of labels: digits and capital letters, which every scanner and keyboard has. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The check character of a label: ISO/IEC 7064 MOD 37,36, which finds every single wrong
 * character and all but 36 of 22,680 exchanges of neighbours. Null when a character is outside the
 * alphabet.
 */
export function checkCharacter(label: string): string | null {
  let product = 36;
  for (const character of label) {
    const value = alphabet.indexOf(character);
    if (value < 0) return null;
    let sum = (product + value) % 36;
    if (sum === 0) sum = 36;
    product = (sum * 2) % 37;
  }
  return alphabet[(37 - product) % 36] ?? null;
}

/** A label followed by its check character. */
export function withCheck(label: string): string {
  return label + (checkCharacter(label) ?? '');
}

/** Whether the last character is the right check character for those before it. */
export function hasValidCheck(label: string): boolean {
  return label.length >= 2 && checkCharacter(label.slice(0, -1)) === label.at(-1);
}

/** Full-width letters and digits to ASCII, spaces off, lower case to capitals. */
export function foldCode(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '').toUpperCase();
}

/** What may stand after the colon of a subject, as regular expressions. */
export const keyPatterns = {
  /** A label as scanners read it; a release adds `.2` to its plate's. */
  label: '^[A-Z0-9][A-Z0-9.-]{3,35}$',
  /** A number that the register gave out. */
  number: '^[1-9][0-9]{0,9}$',
  /** A name that people or programs choose. */
  name: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$',
} as const;
