import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Problem } from '../api/client.ts';
import type { Resource } from '../resource.ts';
import { useSpeech } from '../language/translate.ts';
import { useRefusal } from '../language/refusal.ts';
import { Mark, type MarkState } from './Mark.tsx';

/** A sentence in place of what cannot be shown: what is the case, and what to do. */
export function Notice({ state, children }: { state: MarkState; children: ReactNode }) {
  return (
    <div className="notice" role="status">
      <Mark state={state} word={false} />
      <div>{children}</div>
    </div>
  );
}

/** A refusal in the reader's words, with the code for whoever must look further. */
export function Refused({ problem }: { problem: Problem }) {
  const { t } = useSpeech();
  const words = useRefusal();
  return (
    <div className="notice notice-refused" role="alert">
      <Mark state="refused" word={false} />
      <div>
        <p>{words(problem)}</p>
        <p className="soft small">
          {t('state.code')} <code>{problem.code}</code>
          {problem.where === null ? null : <code> {problem.where}</code>}
        </p>
      </div>
    </div>
  );
}

/** Nobody answered; it is tried again by itself. */
export function Offline({ onRetry }: { onRetry?: () => void }) {
  const { t } = useSpeech();
  return (
    <Notice state="unknown">
      <p>{t('state.offline')}</p>
      {onRetry === undefined ? null : (
        <Button className="button" onPress={onRetry}>
          {t('state.retry')}
        </Button>
      )}
    </Notice>
  );
}

interface ShownProps<Data> {
  readonly of: Resource<Data>;
  readonly children: (data: Data) => ReactNode;
}

/** An answer, or the sentence for why there is none: loading, refused, offline. */
export function Shown<Data>({ of, children }: ShownProps<Data>) {
  const { t } = useSpeech();
  if (of.problem !== null) return <Refused problem={of.problem} />;
  if (of.data !== null) {
    return (
      <>
        {of.state === 'offline' ? <Notice state="unknown">{t('state.offline-kept')}</Notice> : null}
        {children(of.data)}
      </>
    );
  }
  if (of.state === 'offline') return <Offline onRetry={of.refetch} />;
  return (
    <p className="loading" role="status">
      {t('state.loading')}
    </p>
  );
}
