import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import type { FileLimits } from './limits.ts';
import { FileRefused } from './refusal.ts';

/**
 * The parts of a workbook, by name. Sizes are judged before a byte is unpacked, and the unpacking
 * stops where a part is longer than it says (`validateEntrySizes`).
 */
export class Archive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #limits: FileLimits;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: FileLimits) {
    this.#zip = zip;
    this.#entries = entries;
    this.#limits = limits;
  }

  /** Opens an archive and reads its list of parts. */
  static async open(path: string, limits: FileLimits): Promise<Archive> {
    const zip = await openPromise(path, {
      lazyEntries: true,
      autoClose: false,
      validateEntrySizes: true,
    }).catch((cause: unknown) => {
      throw malformed(cause);
    });
    try {
      if (zip.entryCount > limits.entriesMax) {
        throw new FileRefused('exchange.xlsx-too-many-entries', { entries: zip.entryCount });
      }
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        if (entry.isEncrypted()) throw new FileRefused('exchange.xlsx-encrypted');
        entries.set(entry.fileName.replace(/^\//, ''), entry);
      }
      return new Archive(zip, entries, limits);
    } catch (cause) {
      zip.close();
      throw cause instanceof FileRefused ? cause : malformed(cause);
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Unpacks a part; refused when larger than `bytesMax` or packed beyond what people write. */
  async stream(name: string, bytesMax: number): Promise<Readable> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new FileRefused('exchange.xlsx-malformed', { part: name });
    const { compressedSize, uncompressedSize } = entry;
    if (uncompressedSize > bytesMax) {
      throw new FileRefused('exchange.xlsx-too-large', { part: name, bytes: uncompressedSize });
    }
    const { inflationFreeBytes, inflationMax } = this.#limits;
    if (uncompressedSize > inflationFreeBytes && uncompressedSize > compressedSize * inflationMax) {
      const ratio = Math.round(uncompressedSize / Math.max(1, compressedSize));
      throw new FileRefused('exchange.xlsx-compression-ratio', { part: name, ratio });
    }
    if (!entry.canDecodeFileData())
      throw new FileRefused('exchange.xlsx-malformed', { part: name });
    return this.#zip.openReadStreamPromise(entry).catch((cause: unknown) => {
      throw malformed(cause);
    });
  }

  close(): void {
    this.#zip.close();
  }
}

/** What a broken archive or broken XML says of itself, as a refusal. */
export function malformed(cause: unknown): FileRefused {
  if (cause instanceof FileRefused) return cause;
  const reason = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown';
  return new FileRefused('exchange.xlsx-malformed', { reason });
}
