import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BoxState } from '../../../../../rooms/custody/index.ts';
import { useStatus } from '../../app/device.tsx';
import { useKept } from '../../app/kept.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Field } from '../../parts/Field.tsx';
import { ReasonPicker } from '../../parts/ReasonPicker.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import { Sign } from '../../parts/Sign.tsx';
import { type Said, Voice } from '../../parts/Voice.tsx';
import type { BoxVoice } from './box-act.ts';
import { Count } from './Count.tsx';
import { TubeList } from './TubeList.tsx';

interface CarryProps {
  readonly state: BoxState;
  readonly holder: string | null;
  readonly isMine: boolean;
  readonly voice: BoxVoice;
}

/** A box on its way: its holder hands it on, anybody else takes it over, a laboratory counts it. */
export function Carry({ state, holder, isMine, voice }: CarryProps): JSX.Element {
  const { t } = useSpeech();
  const { account, roles } = useStatus();
  const [open, setOpen] = useState<'hand-over' | 'lost' | 'count' | null>(null);
  const { box } = state;
  const who = holder === null ? '' : holder.replace(/^user:/, '');
  const canReceive = roles.some(({ role }) => role === 'laboratory' || role === 'headquarters');
  if (open === 'count') return <Count state={state} voice={voice} onBack={() => setOpen(null)} />;
  const take = (): void => {
    const done: Said = { tone: 'done', head: t('courier.taken'), line: box };
    const from = holder === null ? {} : { from: holder };
    void voice.act('custody.hand-over', { box, to: `user:${account ?? ''}`, ...from }, done);
  };
  const ask: Said = {
    tone: 'ask',
    head: t(`box.${state.stage}`),
    line: holder === null ? box : t('courier.holder', { who }),
  };
  const count = (): void => {
    voice.clear();
    setOpen('count');
  };
  const thumb = (
    <CarryThumb
      isMine={isMine}
      onLost={() => setOpen('lost')}
      onHandOver={() => setOpen('hand-over')}
      onTake={take}
      {...(canReceive ? { onCount: count } : {})}
    />
  );
  return (
    <Screen title={box} back={hrefOf('courier')} thumb={thumb}>
      <Voice
        said={voice.said ?? ask}
        turn={voice.turn}
        {...(voice.said === null ? { sign: 'box' } : {})}
        figure={<b>{state.seal?.tubes.length ?? 0}</b>}
      />
      <TubeList tubes={state.seal?.tubes ?? []} />
      {open === 'hand-over' ? (
        <HandOver
          onClose={() => setOpen(null)}
          onTo={(to) => {
            setOpen(null);
            const done: Said = { tone: 'done', head: t('courier.handed'), line: to };
            void voice.act('custody.hand-over', { box, to: `user:${to}` }, done);
          }}
        />
      ) : null}
      {open === 'lost' ? (
        <Sheet title={t('courier.lost')} onClose={() => setOpen(null)}>
          <ReasonPicker
            reasons={[t('lost.left-behind'), t('lost.stolen')]}
            action={t('courier.lost')}
            onReason={(reason) => {
              setOpen(null);
              const done: Said = { tone: 'done', head: t('courier.lost-done'), line: box };
              void voice.act('custody.report-lost', { box, reason }, done);
            }}
          />
        </Sheet>
      ) : null}
    </Screen>
  );
}

interface ThumbProps {
  readonly isMine: boolean;
  readonly onLost: () => void;
  readonly onHandOver: () => void;
  readonly onTake: () => void;
  /** For those who may receive it at a laboratory. */
  readonly onCount?: () => void;
}

function CarryThumb({ isMine, onLost, onHandOver, onTake, onCount }: ThumbProps): JSX.Element {
  const { t } = useSpeech();
  return (
    <>
      <div class="thumb-row">
        <button type="button" class="button" onClick={onLost}>
          {t('courier.lost')}
        </button>
        {onCount === undefined ? null : (
          <button type="button" class="button" onClick={onCount}>
            {t('courier.receive-now')}
          </button>
        )}
      </div>
      <button type="button" class="button primary" onClick={isMine ? onHandOver : onTake}>
        <Sign name={isMine ? 'person' : 'tick'} />
        {isMine ? t('courier.hand-over') : t('courier.take')}
      </button>
    </>
  );
}

interface HandOverProps {
  readonly onClose: () => void;
  readonly onTo: (account: string) => void;
}

/** To whom: those of before by one tap, anybody else by account. */
function HandOver({ onClose, onTo }: HandOverProps): JSX.Element {
  const { t } = useSpeech();
  const [known, setKnown] = useKept<readonly string[]>('receivers', []);
  const [to, setTo] = useState('');
  const give = (account: string): void => {
    setKnown([account, ...known.filter((other) => other !== account)].slice(0, 6));
    onTo(account);
  };
  return (
    <Sheet title={t('courier.hand-over')} onClose={onClose}>
      <ul class="rows">
        {known.map((account) => (
          <li key={account}>
            <button type="button" class="row" onClick={() => give(account)}>
              <Sign name="person" />
              <span class="row-main" translate={false}>
                {account}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          give(to.trim());
        }}
      >
        <Field label={t('courier.to')} value={to} onValue={setTo} />
        <button type="submit" class="button primary" disabled={to.trim() === ''}>
          {t('courier.hand-over')}
        </button>
      </form>
    </Sheet>
  );
}
