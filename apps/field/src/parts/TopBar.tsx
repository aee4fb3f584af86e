import type { JSX } from 'preact';
import { useNow, useStatus } from '../app/device.tsx';
import { go, hrefOf } from '../app/route.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark, type MarkName, Sign } from './Sign.tsx';
import type { DeviceStatus } from '../../../../adapters/device/types.ts';

/** The shape that says how delivery stands. */
function markOf({ setAside, waiting, phase }: DeviceStatus): MarkName {
  if (setAside > 0) return 'unknown';
  if (waiting === 0) return 'done';
  return phase === 'sending' ? 'moving' : 'waiting';
}

/** Stands on every screen: what is kept, what is delivered, and since when something waits. */
export function TopBar({ back }: { back: string | null }): JSX.Element {
  const { t, count, moment } = useSpeech();
  const status = useStatus();
  const now = useNow();
  const since = status.waitingSince;
  return (
    <header class="bar">
      {back === null ? (
        <span class="bar-sextant" aria-hidden="true">
          <Mark name={markOf(status)} />
        </span>
      ) : (
        <button type="button" class="bar-back" aria-label={t('bar.back')} onClick={() => go(back)}>
          <Sign name="back" />
        </button>
      )}
      <a class="bar-state" href={hrefOf('sync')} aria-label={labelOf()}>
        <span class="bar-cell" aria-hidden="true">
          <b>{count(status.kept)}</b> {t('bar.kept')}
        </span>
        <span class="bar-cell" aria-hidden="true">
          <b>{count(status.delivered)}</b> {t('bar.delivered')}
        </span>
        <span class="bar-cell bar-waits" aria-hidden="true">
          {last()}
        </span>
      </a>
    </header>
  );

  function last(): JSX.Element {
    if (status.setAside > 0) {
      return (
        <>
          <b>{count(status.setAside)}</b> {t('bar.set-aside')}
        </>
      );
    }
    if (since === null && status.drafts > 0) {
      return (
        <>
          <b>{count(status.drafts)}</b> {t('bar.in-tubes')}
        </>
      );
    }
    if (since === null) return <>{t('bar.nothing-waits')}</>;
    return (
      <>
        {t('bar.waiting')} <b>{moment(since, now)}</b>
      </>
    );
  }

  function labelOf(): string {
    const waits =
      since === null ? t('bar.nothing-waits') : `${t('bar.waiting')} ${moment(since, now)}`;
    const aside = status.setAside === 0 ? '' : `, ${count(status.setAside)} ${t('bar.set-aside')}`;
    const kept = `${count(status.kept)} ${t('bar.kept')}`;
    const delivered = `${count(status.delivered)} ${t('bar.delivered')}`;
    return `${t('bar.open')}: ${kept}, ${delivered}, ${waits}${aside}`;
  }
}
