import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useDevice, useStatus } from '../../app/device.tsx';
import { go, hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { sayFailure } from '../../parts/failure.ts';
import { Caution } from '../../parts/Caution.tsx';
import { Field } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Switches } from '../../parts/Switches.tsx';

/** Signing in: needed once a shift, with a signal. What the phone keeps stays whoever signs in. */
export function SignIn(): JSX.Element {
  const speech = useSpeech();
  const { t } = speech;
  const device = useDevice();
  const status = useStatus();
  const [account, setAccount] = useState(status.account ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const signIn = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await device.signIn(account.trim(), password);
      go(hrefOf(), { instead: true });
    } catch (error) {
      setFailure(sayFailure(error, speech));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="screen entry"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <header class="entry-head">
        <Switches />
      </header>
      <Caution />
      <main class="main">
        <img class="entry-mark" src="./sextant.svg" alt="" width="64" height="64" />
        <h1 class="entry-name">Sextant</h1>
        <p class="soft">{t('entry.hint')}</p>
        {status.waiting > 0 ? (
          <Notice mark="waiting">{t('entry.still-here', { count: status.waiting })}</Notice>
        ) : null}
        <Field
          label={t('entry.account')}
          value={account}
          onValue={setAccount}
          autoComplete="username"
        />
        <Field
          label={t('entry.password')}
          value={password}
          onValue={setPassword}
          secret
          autoComplete="current-password"
        />
        {failure === null ? null : (
          <Notice mark="unknown" alert>
            {failure}
          </Notice>
        )}
      </main>
      <SignInThumb busy={busy} disabled={busy || account.trim() === '' || password === ''} />
    </form>
  );
}

function SignInThumb({ busy, disabled }: { busy: boolean; disabled: boolean }): JSX.Element {
  const { t } = useSpeech();
  const { place, account } = useStatus();
  return (
    <footer class="thumb">
      <button type="submit" class="button primary" disabled={disabled}>
        {busy ? t('entry.signing-in') : t('entry.sign-in')}
      </button>
      {place === null || account === null ? null : (
        <a class="button" href={hrefOf()}>
          {t('entry.later')}
        </a>
      )}
    </footer>
  );
}
