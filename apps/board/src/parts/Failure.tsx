import { Problem } from '../api/client.ts';
import { Offline, Refused } from './Notice.tsx';

/** Why something did not work, when it did not. */
export function Failure({ of }: { of: unknown }) {
  if (of === null || of === undefined) return null;
  return of instanceof Problem ? <Refused problem={of} /> : <Offline />;
}
