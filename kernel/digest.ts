/**
 * 128 bits of a text as 32 hex digits: MurmurHash3 x86_128 (Appleby 2011, public domain
 * algorithm) over its UTF-16 code units. Names derived facts the same way on every machine; it is
 * no safeguard against an adversary, so derived ids are accepted from nobody but the server.
 */
export function digest(text: string): string {
  const words = Math.ceil(text.length / 2);
  const h = [0x2f0b4c47, 0x9e3779b9, 0x7f4a7c15, 0x85ebca6b];
  const c = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
  for (let index = 0; index < words; index++) {
    const lane = index & 3;
    const low = text.charCodeAt(index * 2);
    const high = index * 2 + 1 < text.length ? text.charCodeAt(index * 2 + 1) : 0;
    let k = Math.imul(low | (high << 16), c[lane] as number);
    k = Math.imul((k << 15) | (k >>> 17), c[(lane + 1) & 3] as number);
    let value = (h[lane] as number) ^ k;
    value = ((value << 19) | (value >>> 13)) + (h[(lane + 1) & 3] as number);
    h[lane] = (Math.imul(value, 5) + 0x561ccd1b) | 0;
  }
  for (let lane = 0; lane < 4; lane++) h[lane] = (h[lane] as number) ^ text.length;
  for (let round = 0; round < 2; round++) {
    for (let lane = 1; lane < 4; lane++) h[0] = ((h[0] as number) + (h[lane] as number)) | 0;
    for (let lane = 1; lane < 4; lane++) h[lane] = ((h[lane] as number) + (h[0] as number)) | 0;
    if (round === 0) for (let lane = 0; lane < 4; lane++) h[lane] = finalMix(h[lane] as number);
  }
  return h.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function finalMix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** JSON with sorted keys: two values with the same content give the same text. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([k, held]) => `${JSON.stringify(k)}:${canonicalJson(held)}`).join(',')}}`;
}
