import { Component, type ReactNode } from 'react';
import { useSpeech } from '../language/translate.ts';
import { Notice } from './Notice.tsx';

interface State {
  readonly failure: 'none' | 'bug' | 'not-fetched';
}

/** Keeps a failure of one screen from taking the header with it. */
export class Caught extends Component<{ children: ReactNode }, State> {
  override state: State = { failure: 'none' };

  static getDerivedStateFromError(error: unknown): State {
    // A screen that could not be fetched: the line is down, or the server has a newer build.
    const notFetched = error instanceof TypeError && /import|module|fetch/i.test(error.message);
    return { failure: notFetched ? 'not-fetched' : 'bug' };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === 'none' ? (
      this.props.children
    ) : (
      <Failed isOffline={failure === 'not-fetched'} />
    );
  }
}

function Failed({ isOffline }: { isOffline: boolean }) {
  const { t } = useSpeech();
  return (
    <main id="main" className="alone" tabIndex={-1}>
      <Notice state={isOffline ? 'unknown' : 'refused'}>
        <p>{t(isOffline ? 'state.offline-screen' : 'state.failed')}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {t('state.reload')}
        </button>
      </Notice>
    </main>
  );
}
