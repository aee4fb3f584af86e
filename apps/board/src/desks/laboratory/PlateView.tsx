import { useState } from 'react';
import {
  laboratoryPolicyDefaults,
  type PlateState,
  type TubeCall,
  tubeCalls,
} from '../../../../../rooms/laboratory/index.ts';
import { useDomain } from '../../language/domain.ts';
import { useSpeech } from '../../language/translate.ts';
import { SubjectLink } from '../../parts/SubjectLink.tsx';
import type { Thing } from '../thing.ts';
import { PlatePicture, type Well } from './PlatePicture.tsx';

/**
 * A plate with its calls. They are worked out by the laboratory's own rules, the same code that
 * the server runs, so that what is seen before signing is what is signed.
 */
export function PlateView({ thing }: { thing: Thing }) {
  const { t } = useSpeech();
  const [chosen, setChosen] = useState<string | null>(null);
  // The server folded this state with the same room's code, so its shape is the room's.
  const state = thing.state as unknown as PlateState;
  const calls = tubeCalls(state, laboratoryPolicyDefaults);
  const wells = wellsOf(state, calls);
  return (
    <section className="plate-view" aria-label={t('plate.picture')}>
      <PlatePicture wells={wells} chosen={chosen} onChoose={setChosen} />
      <ChosenWell well={chosen} state={state} calls={calls} />
    </section>
  );
}

function wellsOf(state: PlateState, calls: readonly TubeCall[]): { [well: string]: Well } {
  const wells: { [well: string]: Well } = {};
  for (const { well, tube } of state.load?.wells ?? []) {
    const call = calls.find((each) => each.tube === tube);
    wells[well] = { state: call?.call ?? 'loaded', name: tube, note: readings(state, well) };
  }
  for (const { well, control } of state.load?.controls ?? []) {
    wells[well] = { state: `control-${control}`, name: '', note: readings(state, well) };
  }
  return wells;
}

function readings(state: PlateState, well: string): string {
  const list = state.reading?.wells[well] ?? [];
  return list.map(([target, ct]) => `${target} ${ct === null ? '–' : ct.toFixed(1)}`).join(', ');
}

interface ChosenProps {
  readonly well: string | null;
  readonly state: PlateState;
  readonly calls: readonly TubeCall[];
}

function ChosenWell({ well, state, calls }: ChosenProps) {
  const { t, term } = useSpeech();
  const { valueName } = useDomain();
  if (well === null) return <p className="soft small">{t('plate.choose-well')}</p>;
  const loaded = state.load?.wells.find((each) => each.well === well);
  const call = calls.find(({ tube }) => tube === loaded?.tube);
  const list = state.reading?.wells[well] ?? [];
  return (
    <p className="chosen-well" role="status">
      <strong>{well}</strong>
      {loaded === undefined ? null : <SubjectLink subject={`tube:${loaded.tube}`} />}
      {call?.call == null ? null : <span>{valueName('result', call.call)}</span>}
      {call?.reason == null ? null : (
        <span className="soft">{term(`call-reason.${call.reason}`) ?? call.reason}</span>
      )}
      {list.map(([target, ct]) => (
        <span key={target} className="ct">
          {target} {ct === null ? t('plate.no-ct') : ct.toFixed(2)}
        </span>
      ))}
      {call !== undefined && call.attempt > 1 ? (
        <span className="soft">{t('plate.attempt', { count: call.attempt })}</span>
      ) : null}
    </p>
  );
}
