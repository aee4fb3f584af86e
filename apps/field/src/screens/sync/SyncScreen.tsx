import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Fate, SetAsideItem } from '../../../../../adapters/device/types.ts';
import { useDevice, useNow, useStatus } from '../../app/device.tsx';
import { hrefOf } from '../../app/route.ts';
import { save } from '../../app/save.ts';
import { useSpeech } from '../../language/translate.ts';
import { sayFailure, valuesOf } from '../../parts/failure.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Mark, Sign } from '../../parts/Sign.tsx';
import { About } from './About.tsx';

/** The state of delivery: what waits and since when, what was not taken, and what came of it. */
export function SyncScreen(): JSX.Element {
  const { t, count, moment, code } = useSpeech();
  const device = useDevice();
  const status = useStatus();
  const now = useNow();
  const { waiting, waitingSince, phase, nextTryAt, stoppedBy, drafts } = status;
  const isSending = phase === 'sending';
  const thumb = (
    <button
      type="button"
      class="button primary"
      disabled={isSending || waiting === 0}
      onClick={() => device.syncNow()}
    >
      {isSending ? t('sync.sending') : t('sync.now')}
    </button>
  );
  return (
    <Screen title={t('sync.title')} back={hrefOf()} thumb={thumb}>
      <section class={`state state-${waiting === 0 ? 'done' : 'waiting'}`}>
        <Mark name={waiting === 0 ? 'done' : isSending ? 'moving' : 'waiting'} />
        <div>
          <h2>{waiting === 0 ? t('sync.all-delivered') : t('sync.waiting', { count: waiting })}</h2>
          <p class="soft">
            {waitingSince === null
              ? t('sync.all-hint')
              : t('sync.waiting-hint', { at: moment(waitingSince, now) })}
          </p>
          {drafts > 0 ? <p class="soft">{t('sync.drafts', { count: drafts })}</p> : null}
          {nextTryAt !== null && waiting > 0 ? (
            <p class="soft">{t('sync.next-try', { at: moment(nextTryAt, now) })}</p>
          ) : null}
        </div>
      </section>
      <dl class="triple">
        <div>
          <dt>{t('bar.kept')}</dt>
          <dd>{count(status.kept)}</dd>
        </div>
        <div>
          <dt>{t('bar.delivered')}</dt>
          <dd>{count(status.delivered)}</dd>
        </div>
        <div>
          <dt>{t('bar.set-aside')}</dt>
          <dd>{count(status.setAside)}</dd>
        </div>
      </dl>
      {stoppedBy === null ? null : (
        <Notice mark="unknown" alert>
          <p>
            <b>{t('sync.stopped')}</b> {code(stoppedBy)}
          </p>
          <a class="button" href={hrefOf('sign-in')}>
            {t('sync.sign-in-again')}
          </a>
        </Notice>
      )}
      {status.setAside > 0 ? <SetAside setAside={status.setAside} now={now} /> : null}
      <Fates />
      <About />
    </Screen>
  );
}

/** What headquarters did not take: the sentence, what it was about, and the two ways out. */
function SetAside({ setAside, now }: { setAside: number; now: number }): JSX.Element {
  const speech = useSpeech();
  const { t, code, moment, term } = speech;
  const device = useDevice();
  const [items, setItems] = useState<readonly SetAsideItem[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const look = useCallback((): void => void device.setAside().then(setItems), [device]);
  useEffect(look, [look, setAside]);
  const guarded = (work: () => Promise<void>): void => {
    setFailure(null);
    work().then(look, (error: unknown) => setFailure(sayFailure(error, speech)));
  };
  return (
    <section class="stack">
      <h2>{t('sync.set-aside', { count: setAside })}</h2>
      <p class="soft">{t('sync.set-aside-hint')}</p>
      <ul class="rows">
        {items.map((item) => (
          <li key={item.id} class="row row-plain row-tall">
            <Mark name="unknown" />
            <span class="row-main">
              <b>{code(item.code)}</b>
              <small translate={false}>
                {term(`fact.${item.kind}`) ?? item.kind} · {item.subject} · {moment(item.at, now)}
              </small>
            </span>
            <button
              type="button"
              class="button"
              onClick={() => guarded(() => device.retry([item.id]))}
            >
              {t('sync.retry')}
            </button>
          </li>
        ))}
      </ul>
      {failure === null ? null : (
        <Notice mark="unknown" alert>
          {failure}
        </Notice>
      )}
      <div class="thumb-row">
        <button
          type="button"
          class="button"
          onClick={() => guarded(() => device.retry(items.map(({ id }) => id)))}
        >
          {t('sync.retry')}
        </button>
        <button
          type="button"
          class="button"
          onClick={() =>
            guarded(async () => save('sextant-set-aside.jsonl', await device.exportSetAside()))
          }
        >
          {t('sync.export')}
        </button>
      </div>
    </section>
  );
}

/** What became of this phone's entries since. */
function Fates(): JSX.Element | null {
  const { t, code } = useSpeech();
  const device = useDevice();
  const fates = device.fates();
  if (fates.length === 0) return null;
  const keyOf = ({ subject, code: what, at }: Fate): string => `${subject} ${what} ${at}`;
  return (
    <section class="stack">
      <h2>{t('sync.fates')}</h2>
      <ul class="rows">
        {fates.map((fate) => (
          <li key={keyOf(fate)} class="row row-plain row-tall">
            <Sign name="next" />
            <span class="row-main">
              <b>{code(fate.code, valuesOf(fate.details))}</b>
              <small translate={false}>{fate.subject}</small>
            </span>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={() => void device.dismissFates()}>
        {t('sync.fates-read')}
      </button>
    </section>
  );
}
