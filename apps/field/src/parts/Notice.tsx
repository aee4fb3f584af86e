import type { ComponentChildren, JSX } from 'preact';
import { Mark, type MarkName } from './Sign.tsx';

interface NoticeProps {
  readonly mark: MarkName;
  readonly children: ComponentChildren;
  readonly alert?: boolean;
}

/** A sentence of its own for what is empty, stale, refused or offline. */
export function Notice({ mark, children, alert = false }: NoticeProps): JSX.Element {
  return (
    <div class={`notice${alert ? ' notice-alert' : ''}`} {...(alert ? { role: 'alert' } : {})}>
      <Mark name={mark} />
      <div>{children}</div>
    </div>
  );
}
