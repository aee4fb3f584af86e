declare module 'pg-copy-streams' {
  import type { Submittable } from 'pg';
  import type { Writable } from 'node:stream';

  /** The client side of COPY … FROM STDIN: what is written to it goes into the table. */
  export function from(text: string): Writable & Submittable & { readonly rowCount: number };
}
