import type { Fact, RecordedFact } from '../../ledger/fact.ts';
import type { MemoryTransaction } from '../memory/store.ts';

/**
 * Entries of an open tube. They are kept and folded like any fact and have no number: they travel
 * inside the sealing, which names the members, so a tube stays one fact on the wire.
 */
export const draftKinds: readonly string[] = ['screening.person-added', 'screening.person-removed'];

/** Facts that end an open tube, whoever records them. */
const finalKinds: readonly string[] = ['screening.tube-sealed', 'screening.tube-voided'];

/**
 * Which entries go on record by themselves when the tube ends. A sealing names everybody who is
 * in the tube, so only what was undone goes beside it, with its reason. A voiding names nobody,
 * and a sealing by others not those entered here: then everything does.
 */
export function draftsForRecord<F extends Fact>(
  drafts: readonly F[],
  end: { readonly kind: string; readonly isOwn: boolean },
): F[] {
  if (end.kind !== 'screening.tube-sealed' || !end.isOwn) return [...drafts];
  const undone = new Set(
    drafts.filter(({ kind }) => kind === 'screening.person-removed').map(personOf),
  );
  return drafts.filter((draft) => undone.has(personOf(draft)));
}

function personOf({ body }: Fact): number {
  const isNamed = typeof body === 'object' && body !== null && 'person' in body;
  return isNamed ? Number(body['person']) : 0;
}

/** The device under whose name facts are numbered now, and what it recorded. */
interface Recorder {
  readonly deviceId: string;
  isOwn(fact: Pick<Fact, 'deviceId'>): boolean;
}

/** Takes up the entries of every tube that these facts end, in the same unit of work. */
export async function takeUpDrafts(
  transaction: MemoryTransaction,
  ends: readonly Fact[],
  recorder: Recorder,
): Promise<readonly RecordedFact[]> {
  const numbered: RecordedFact[] = [];
  for (const end of ends.filter(({ kind }) => finalKinds.includes(kind))) {
    const facts = await transaction.factsOf([end.subject]);
    const drafts = facts.filter((fact) => recorder.isOwn(fact) && fact.deviceSeq === null);
    const kept = draftsForRecord(drafts, { kind: end.kind, isOwn: recorder.isOwn(end) });
    // The state does not change: whoever was undone is not in the fold, the others are members.
    transaction.forget(drafts.map(({ id }) => id));
    for (const draft of kept) {
      transaction.head.deviceSeq += 1;
      numbered.push({
        ...draft,
        deviceId: recorder.deviceId,
        deviceSeq: transaction.head.deviceSeq,
      });
    }
  }
  if (numbered.length > 0) await transaction.append(numbered);
  return numbered;
}
