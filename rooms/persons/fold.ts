/** Most cells hold nothing to fold; this says so in one pass. */
const plain = /^[!-&(-~\u4e00-\u9fff]*$/;

/** Marks that people do not see: byte-order marks, joiners, directions, soft hyphens. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/**
 * Rule PE-2. A cell as its writer meant it: full-width forms to ASCII, invisible marks and outer
 * space off, and off with the apostrophe that makes a spreadsheet keep a number as text.
 */
export function foldCell(text: string): string {
  if (plain.test(text)) return text;
  return text
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^'/, '');
}

/**
 * Rule PE-2. A name as its writer meant it.
 *
 * Never NFKC or NFC on the characters themselves: both replace compatibility ideographs
 * (U+F900 to U+FAFF, U+2F800 to U+2FA1F), and people's names use them.
 */
export function foldName(text: string): string {
  if (plain.test(text)) return text;
  const folded = text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(invisible, '')
    .replace(/[\u30fb\u2022\u2027\uff65\u22c5\u25cf]/g, '·')
    .replace(/[\s\u3000]+/g, ' ')
    .trim()
    .replace(/^'/, '');
  const composed = /\p{M}/u.test(folded) ? composeMarks(folded) : folded;
  // "张 三" is "张三" spread to the width of a column; between Latin letters a space is a space.
  return composed.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
}

/** Letter and combining mark to one letter, so that both spellings of é are one name. */
function composeMarks(text: string): string {
  return text.replace(/\P{M}\p{M}+/gu, (cluster) => cluster.normalize('NFC'));
}
