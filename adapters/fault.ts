/** The outside failed: database away, disk full, peer silent. Adapters throw it, apps translate. */
export class Fault extends Error {
  override name = 'Fault';
  /** Stable, `subject.reason`, in docs/reference/refusals.md. */
  readonly code: string;
  /** Whether the same call may succeed by itself later. */
  readonly retry: 'never' | 'later';

  constructor(code: string, message: string, options: FaultOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retry = options.retry ?? 'never';
  }
}

interface FaultOptions {
  readonly retry?: 'never' | 'later';
  readonly cause?: unknown;
}
