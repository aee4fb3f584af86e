declare module 'pg-copy-streams' {
  import type { Submittable } from 'pg';
  import type { Readable, Writable } from 'node:stream';

  /** The client side of COPY … FROM STDIN: what is written to it goes into the table. */
  export function from(text: string): Writable & Submittable & { readonly rowCount: number };

  /** The client side of COPY … TO STDOUT: what the table holds is read from it. */
  export function to(text: string): Readable & Submittable;
}
