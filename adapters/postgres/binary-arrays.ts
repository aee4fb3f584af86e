const int8Oid = 20;
const int2Oid = 21;
const boolOid = 16;
const textOid = 25;
const headBytes = 20;

/**
 * Columns of many rows as parameters in PostgreSQL's binary array form: `pg` sends a Buffer as it
 * is, which takes a third of the time of writing an array as text and reading it back
 * (`array_recv` in PostgreSQL's source: dimensions, whether there are nulls, type, size, lower
 * bound 1, then each element's length and bytes, -1 for NULL).
 */
export const arrays = {
  /** An int8[]. */
  int8: (values: readonly (number | null)[]): Buffer =>
    fixed(values, { oid: int8Oid, bytes: 8, write: writeInt8 }),
  /** An int2[]. */
  int2: (values: readonly (number | null)[]): Buffer =>
    fixed(values, { oid: int2Oid, bytes: 2, write: (to, value, at) => to.writeInt16BE(value, at) }),
  /** A boolean[]. */
  bool: (values: readonly boolean[]): Buffer =>
    fixed(
      values.map((value) => (value ? 1 : 0)),
      { oid: boolOid, bytes: 1, write: (to, value, at) => to.writeUInt8(value, at) },
    ),
  /** A text[]; also for what is cast from text, JSON and arrays of numbers among it. */
  text: texts,
};

interface Fixed {
  readonly oid: number;
  readonly bytes: number;
  readonly write: (to: Buffer, value: number, at: number) => void;
}

function fixed(values: readonly (number | null)[], { oid, bytes, write }: Fixed): Buffer {
  const to = Buffer.allocUnsafe(headBytes + values.length * (4 + bytes));
  let at = head(to, oid, values.length);
  for (const value of values) {
    at = to.writeInt32BE(value === null ? -1 : bytes, at);
    if (value === null) continue;
    write(to, value, at);
    at += bytes;
  }
  return to.subarray(0, at);
}

function writeInt8(to: Buffer, value: number, at: number): void {
  to.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  to.writeUInt32BE(value >>> 0, at + 4);
}

function texts(values: readonly (string | null)[]): Buffer {
  let room = headBytes;
  for (const value of values) room += 4 + (value === null ? 0 : value.length * 3);
  const to = Buffer.allocUnsafe(room);
  let at = head(to, textOid, values.length);
  for (const value of values) {
    if (value === null) {
      at = to.writeInt32BE(-1, at);
      continue;
    }
    const bytes = to.write(value, at + 4, 'utf8');
    to.writeInt32BE(bytes, at);
    at += 4 + bytes;
  }
  return to.subarray(0, at);
}

/** Dimensions, nulls allowed, element type, size, lower bound; an empty array has no dimension. */
function head(to: Buffer, oid: number, size: number): number {
  to.writeInt32BE(size === 0 ? 0 : 1, 0);
  to.writeInt32BE(1, 4);
  to.writeInt32BE(oid, 8);
  if (size === 0) return 12;
  to.writeInt32BE(size, 12);
  to.writeInt32BE(1, 16);
  return headBytes;
}
