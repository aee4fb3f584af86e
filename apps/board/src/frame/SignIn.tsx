import { type FormEvent, useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { signIn } from '../api/session.ts';
import { useSpeech } from '../language/translate.ts';
import { Failure } from '../parts/Failure.tsx';
import { Emblem, LanguageSwitch, ThemeSwitch } from './Switches.tsx';

/** Where everybody begins: account and password. */
export function SignIn() {
  const { t } = useSpeech();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      await signIn(String(form.get('account') ?? '').trim(), String(form.get('password') ?? ''));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  }
  return (
    <main id="main" className="sign-in">
      <div className="sign-in-sheet">
        <header className="sign-in-head">
          <Emblem />
          <div>
            <h1>{t('app.name')}</h1>
            <p className="soft">{t('app.motto')}</p>
          </div>
        </header>
        <Form onSubmit={submit} className="form">
          <TextField name="account" isRequired autoFocus className="field">
            <Label>{t('sign-in.account')}</Label>
            <Input autoComplete="username" autoCapitalize="none" spellCheck={false} />
          </TextField>
          <TextField name="password" type="password" isRequired className="field">
            <Label>{t('sign-in.password')}</Label>
            <Input autoComplete="current-password" />
          </TextField>
          <Failure of={failure} />
          <Button type="submit" className="button primary" isPending={busy}>
            {t(busy ? 'sign-in.busy' : 'sign-in.submit')}
          </Button>
        </Form>
        <footer className="sign-in-foot">
          <LanguageSwitch />
          <ThemeSwitch />
        </footer>
      </div>
    </main>
  );
}
