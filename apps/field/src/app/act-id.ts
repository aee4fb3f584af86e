/** An act identifier that no other act has, wherever it is made. */
export function newActId(): string {
  // randomUUID is there only on secure pages; a trial over plain http has to work as well.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
