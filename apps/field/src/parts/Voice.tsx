import type { ComponentChildren, JSX } from 'preact';
import { Sign, type SignName } from './Sign.tsx';

/** What the app says after a scan, or asks for next. */
export interface Said {
  /** Ask: what to do next. Right: kept. Wrong: nothing was kept. Done: a whole is finished. */
  readonly tone: 'ask' | 'right' | 'wrong' | 'done';
  readonly head: string;
  readonly line: string;
  /** What of it is a name or an address, which nobody translates. */
  readonly own?: 'head' | 'both';
}

const asNamed = { translate: false } as const;

const signs: Record<Said['tone'], SignName> = {
  ask: 'next',
  right: 'tick',
  wrong: 'cross',
  done: 'tick',
};

interface VoiceProps {
  readonly said: Said;
  /** Changes with every scan, so that the same sentence twice is seen and heard twice. */
  readonly turn: number;
  readonly sign?: SignName;
  /** A large figure at the right: how full the tube is. */
  readonly figure?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** The one place where the app speaks: a shape, a sentence and a colour, as large as can be. */
export function Voice({ said, turn, sign, figure, children }: VoiceProps): JSX.Element {
  const role = said.tone === 'wrong' ? 'alert' : 'status';
  return (
    <section class={`voice voice-${said.tone}`} role={role} data-tone={said.tone} data-turn={turn}>
      <div class="voice-row" key={turn}>
        <span class="voice-sign">
          <Sign name={sign ?? signs[said.tone]} />
        </span>
        <div class="voice-words">
          <p class="voice-head" {...(said.own === undefined ? {} : asNamed)}>
            {said.head}
          </p>
          <p class="voice-line" {...(said.own === 'both' ? asNamed : {})}>
            {said.line}
          </p>
        </div>
        {figure === undefined ? null : <div class="voice-figure">{figure}</div>}
      </div>
      {children}
    </section>
  );
}
