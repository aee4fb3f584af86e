import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useSpeech } from '../language/translate.ts';
import { Mark } from './Sign.tsx';

interface Health {
  readonly durable: boolean;
  readonly room: boolean;
}

const everyMs = 60_000;
/** As last heard, for the screen that opens next. Without a signal nothing is answered for. */
let lastHeard: Health | null = null;

async function ask(): Promise<Health | null> {
  try {
    const reply = await fetch('/v1/health', { signal: AbortSignal.timeout(10_000) });
    if (reply.ok) lastHeard = (await reply.json()) as Health;
  } catch {
    // No signal: what was heard last stands.
  }
  return lastHeard;
}

/** Says below the bar what headquarters’ server cannot promise; nothing when it keeps its word. */
export function Caution(): JSX.Element | null {
  const { t } = useSpeech();
  const [health, setHealth] = useState(lastHeard);
  useEffect(() => {
    let isHere = true;
    const look = (): void => {
      void ask().then((heard) => isHere && setHealth(heard));
    };
    if (lastHeard === null) look();
    const timer = setInterval(look, everyMs);
    addEventListener('online', look);
    return () => {
      isHere = false;
      clearInterval(timer);
      removeEventListener('online', look);
    };
  }, []);
  if (health === null || (health.durable && health.room)) return null;
  return (
    <div class="caution" role="alert">
      <Mark name="overdue" />
      <p>{t(health.durable ? 'caution.no-room' : 'caution.not-durable')}</p>
    </div>
  );
}
