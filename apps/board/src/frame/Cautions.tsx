import type { ReactNode } from 'react';
import { useHealth } from '../api/health.ts';
import { useSpeech } from '../language/translate.ts';

/** What everybody must know of the server, at the foot of every screen, signed in or not. */
export function Cautions() {
  const { t } = useSpeech();
  const health = useHealth();
  if (health === null || (health.durable && health.room)) return null;
  return (
    <div className="cautions" role="alert">
      {health.durable ? null : (
        <Caution title={t('caution.not-durable')}>
          {t('caution.not-durable-why', { settings: health.weak.join(', ') })}
        </Caution>
      )}
      {health.room ? null : (
        <Caution title={t('caution.no-room')}>{t('caution.no-room-why')}</Caution>
      )}
    </div>
  );
}

/** A sign and words: the colours only say it once more. */
function Caution({ title, children }: { title: string; children: ReactNode }) {
  return (
    <p className="caution">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.6 15.2 14.2H0.8Z" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 6v4M8 11.6v1.2" stroke="currentColor" strokeWidth="1.8" />
      </svg>
      <span>
        <strong>{title}</strong> {children}
      </span>
    </p>
  );
}
