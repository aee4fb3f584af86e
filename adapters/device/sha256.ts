/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8, as hex. The browser's own is asynchronous, and a scan
 * is answered in the same instant; a document number is one block.
 */
export function sha256Hex(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const size = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(size - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(size - 4, (bytes.length << 3) >>> 0);
  const hash = Uint32Array.from(initial);
  for (let offset = 0; offset < size; offset += 64) addBlock(hash, view, offset);
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('');
}

function addBlock(hash: Uint32Array, view: DataView, offset: number): void {
  const words = new Uint32Array(64);
  for (let index = 0; index < 16; index++) words[index] = view.getUint32(offset + index * 4);
  for (let index = 16; index < 64; index++) {
    const early = words[index - 15] as number;
    const late = words[index - 2] as number;
    const s0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const s1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[index] = (words[index - 16] as number) + s0 + (words[index - 7] as number) + s1;
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as Eight; // a view of eight words, always
  for (let index = 0; index < 64; index++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + s1 + choice + (constants[index] as number) + (words[index] as number)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, index) => {
    hash[index] = (hash[index] as number) + value;
  });
}

type Eight = [number, number, number, number, number, number, number, number];

function turn(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

/** The first primes: FIPS 180-4 takes its constants from their square and cube roots. */
const primes = Array.from({ length: 312 }, (_, index) => index).filter((candidate) => {
  for (let factor = 2; factor * factor <= candidate; factor++) {
    if (candidate % factor === 0) return false;
  }
  return candidate > 1;
});

/** The first 32 bits of the fraction; doubles hold 20 more than are needed. */
function fractionOf(root: number): number {
  return ((root - Math.floor(root)) * 0x1_0000_0000) >>> 0;
}

const initial = primes.slice(0, 8).map((prime) => fractionOf(Math.sqrt(prime)));
const constants = primes.slice(0, 64).map((prime) => fractionOf(Math.cbrt(prime)));
