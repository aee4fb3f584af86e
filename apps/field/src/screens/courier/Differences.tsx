import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  type BoxState,
  countOf,
  type Outcome,
  unexplained,
} from '../../../../../rooms/custody/index.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import { Mark, Sign } from '../../parts/Sign.tsx';
import { type Said, Voice } from '../../parts/Voice.tsx';
import type { BoxVoice } from './box-act.ts';

interface DifferencesProps {
  readonly state: BoxState;
  readonly voice: BoxVoice;
}

interface Difference {
  readonly tube: string;
  readonly kind: 'missing' | 'extra';
}

/** CU-6 says which word fits which difference. */
const outcomesOf: Record<Difference['kind'], readonly Outcome[]> = {
  missing: ['found', 'elsewhere', 'lost'],
  extra: ['accepted'],
};

/** A box that a laboratory has counted: what was missing, what was extra, and what became of it. */
export function Differences({ state, voice }: DifferencesProps): JSX.Element {
  const { t } = useSpeech();
  const [asked, setAsked] = useState<Difference | null>(null);
  const { box } = state;
  const counted = countOf(state);
  const open = unexplained(state);
  const differences: readonly Difference[] = [
    ...open.missing.map((tube) => ({ tube, kind: 'missing' as const })),
    ...open.extra.map((tube) => ({ tube, kind: 'extra' as const })),
  ];
  const ask: Said = {
    tone: differences.length === 0 ? 'done' : 'ask',
    head: differences.length === 0 ? t('courier.received') : t('courier.differences'),
    line: differences.length === 0 ? t('courier.no-differences') : box,
  };
  const explain = (difference: Difference, outcome: Outcome): void => {
    setAsked(null);
    const done: Said = { tone: 'done', head: t('courier.explained'), line: difference.tube };
    const body = { box, outcomes: [{ tube: difference.tube, outcome }] };
    void voice.act('custody.reconcile', body, done);
  };
  return (
    <Screen title={box} back={hrefOf('courier')}>
      <Voice
        said={voice.said ?? ask}
        turn={voice.turn}
        {...(voice.said === null ? { sign: 'box' } : {})}
        figure={<b>{counted?.present.length ?? 0}</b>}
      />
      {differences.length === 0 ? <Notice mark="done">{t('courier.by-laboratory')}</Notice> : null}
      <ul class="rows">
        {differences.map((difference) => (
          <li key={difference.tube}>
            <button type="button" class="row row-tall" onClick={() => setAsked(difference)}>
              <Mark name="unknown" />
              <span class="row-main" translate={false}>
                {difference.tube}
              </span>
              <span class="row-side">{t(`difference.${difference.kind}`)}</span>
              <Sign name="next" />
            </button>
          </li>
        ))}
      </ul>
      {asked === null ? null : (
        <Sheet title={t('courier.explain', { tube: asked.tube })} onClose={() => setAsked(null)}>
          <ul class="rows">
            {outcomesOf[asked.kind].map((outcome) => (
              <li key={outcome}>
                <button type="button" class="row" onClick={() => explain(asked, outcome)}>
                  <span class="row-main">{t(`outcome.${outcome}`)}</span>
                </button>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
    </Screen>
  );
}
