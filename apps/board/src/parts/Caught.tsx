import { Component, type ReactNode } from 'react';
import { useSpeech } from '../language/translate.ts';
import { Notice } from './Notice.tsx';

interface State {
  readonly failed: boolean;
}

/** Keeps a failure of one screen from taking the header with it. */
export class Caught extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const { t } = useSpeech();
  return (
    <main id="main" className="alone" tabIndex={-1}>
      <Notice state="overdue">
        <p>{t('state.failed')}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {t('state.reload')}
        </button>
      </Notice>
    </main>
  );
}
