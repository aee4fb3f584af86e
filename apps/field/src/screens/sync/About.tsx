import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useDevice, useNow, useStatus } from '../../app/device.tsx';
import { save } from '../../app/save.ts';
import { go, hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { sayFailure } from '../../parts/failure.ts';
import { Notice } from '../../parts/Notice.tsx';

declare const APP_VERSION: string;

/** Under two minutes a clock is right enough for everything that people read. */
const clockRightMs = 120_000;
const megabyte = 1_000_000;

/** Clock, storage, data, account and version of this phone. */
export function About(): JSX.Element {
  const speech = useSpeech();
  const { t } = speech;
  const device = useDevice();
  const status = useStatus();
  const [failure, setFailure] = useState<string | null>(null);
  const [mustForce, setMustForce] = useState(false);
  const guarded = (work: () => Promise<void>): void => {
    setFailure(null);
    work().catch((error: unknown) => setFailure(sayFailure(error, speech)));
  };
  const drop = (): void => {
    if (status.waiting + status.setAside + status.drafts > 0) setMustForce(true);
    else guarded(() => device.dropPackage());
  };
  const forceDrop = async (): Promise<void> => {
    save('sextant-kept.jsonl', await device.exportSetAside());
    await device.dropPackage({ forced: true });
  };
  const signOut = async (): Promise<void> => {
    await device.signOut();
    go(hrefOf('sign-in'));
  };
  return (
    <section class="stack">
      <PhoneFacts />
      {failure === null ? null : (
        <Notice mark="unknown" alert>
          {failure}
        </Notice>
      )}
      {mustForce ? (
        <Notice mark="unknown" alert>
          <p>{t('sync.drop-hint')}</p>
          <button type="button" class="button" onClick={() => guarded(forceDrop)}>
            {t('sync.drop-forced')}
          </button>
        </Notice>
      ) : null}
      <div class="grid-two">
        <button type="button" class="button" onClick={() => guarded(() => device.refresh())}>
          {t('sync.refresh')}
        </button>
        <a class="button" href={hrefOf('place')}>
          {t('home.change-place')}
        </a>
        <button type="button" class="button" onClick={drop}>
          {t('sync.drop')}
        </button>
        <button type="button" class="button" onClick={() => guarded(signOut)}>
          {t('sync.sign-out')}
        </button>
      </div>
    </section>
  );
}

/** Clock, storage, data and version, each with its name. */
function PhoneFacts(): JSX.Element {
  const { t, moment, count, span } = useSpeech();
  const device = useDevice();
  const { storage, asOf, account, clockAheadMs } = useStatus();
  const now = useNow();
  return (
    <dl class="facts">
      <Row name={t('sync.clock')} value={clock(clockAheadMs)} />
      {storage === null ? null : (
        <Row
          name={t('sync.storage')}
          value={t('sync.storage-used', {
            used: (storage.usedBytes / megabyte).toFixed(1),
            all: count(Math.round(storage.quotaBytes / megabyte)),
          })}
        />
      )}
      <Row name={t('sync.data')} value={asOf === null ? '–' : moment(asOf, now)} />
      <Row name={t('sync.account')} value={account ?? '–'} own />
      <Row name={t('sync.device')} value={device.id} own />
      <Row name={t('sync.version')} value={APP_VERSION} own />
    </dl>
  );

  function clock(ahead: number | null): string {
    if (ahead === null) return t('sync.clock-unknown');
    if (Math.abs(ahead) < clockRightMs) return t('sync.clock-right');
    const off = { span: span(Math.abs(ahead)) };
    return ahead > 0 ? t('sync.clock-ahead', off) : t('sync.clock-behind', off);
  }
}

interface RowProps {
  readonly name: string;
  readonly value: string;
  /** A name that nobody translates. */
  readonly own?: boolean;
}

function Row({ name, value, own = false }: RowProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd {...(own ? { translate: false } : {})}>{value}</dd>
    </div>
  );
}
