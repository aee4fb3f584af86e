import { isAscii, isUtf8 } from 'node:buffer';
import { FileRefused } from './refusal.ts';

/** Encodings in which rosters arrive. GB 18030 holds GBK and GB 2312. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

/** Told, perhaps more than once, when the bytes have said which encoding they are in. */
export type OnEncoding = (encoding: Encoding) => void;

/**
 * Turns text whose encoding nobody states into UTF-8: by its byte-order mark, else ASCII until the
 * first byte above, and then by that chunk. What cannot be decoded becomes U+FFFD, which the cell
 * it stands in is refused for: one damaged byte must not stop a million rows.
 */
export async function* toUtf8(
  chunks: AsyncIterable<Uint8Array>,
  onEncoding: OnEncoding = () => undefined,
): AsyncGenerator<Uint8Array> {
  let encoding: Encoding | null = null;
  let decoder: TextDecoder | null = null;
  let isFirst = true;
  for await (const chunk of atLeast(chunks, 4)) {
    let bytes = chunk;
    if (isFirst) {
      isFirst = false;
      const mark = markOf(bytes);
      encoding = mark?.encoding ?? null;
      bytes = bytes.subarray(mark?.size ?? 0);
    }
    encoding ??= isAscii(bytes) ? null : guess(bytes);
    if (encoding !== null && encoding !== 'utf-8') {
      decoder ??= new TextDecoder(encoding, { ignoreBOM: true });
      bytes = Buffer.from(decoder.decode(bytes, { stream: true }));
    }
    // Text has no zero; what has is a picture, an archive, or UTF-16 without its mark.
    if (bytes.includes(0)) throw new FileRefused('exchange.not-text');
    if (encoding !== null) onEncoding(encoding);
    if (bytes.length > 0) yield bytes;
  }
  if (encoding === null) onEncoding('utf-8');
  const rest = Buffer.from(decoder?.decode() ?? '');
  if (rest.length > 0) yield rest;
}

function markOf(bytes: Uint8Array): { encoding: Encoding; size: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return { encoding: 'utf-8', size: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', size: 2 };
  return bytes[0] === 0xfe && bytes[1] === 0xff ? { encoding: 'utf-16be', size: 2 } : null;
}

/**
 * UTF-8 or GB 18030. Chinese in GBK is hardly ever well-formed UTF-8; where it is neither, the
 * text is UTF-8 when at most one in twenty of its characters is damaged.
 */
function guess(bytes: Uint8Array): Encoding {
  if (isUtf8(withoutTail(bytes))) return 'utf-8';
  const text = new TextDecoder('utf-8').decode(withoutTail(bytes));
  const beyondAscii = text.match(/\P{ASCII}/gu) ?? [];
  const damaged = beyondAscii.filter((character) => character === '\ufffd').length;
  return damaged * 20 <= beyondAscii.length ? 'utf-8' : 'gb18030';
}

/** Off with the beginning of a character that the next chunk completes. */
function withoutTail(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < size ? bytes.subarray(0, bytes.length - back) : bytes;
    }
    if (byte < 0x80) return bytes;
  }
  return bytes;
}

/** The same bytes, with a first chunk of at least `size` where there are that many. */
export async function* atLeast(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let first: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (first === null) yield chunk;
    else {
      first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
      if (first.length < size) continue;
      yield first;
      first = null;
    }
  }
  if (first !== null && first.length > 0) yield first;
}
