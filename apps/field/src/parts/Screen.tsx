import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Caution } from './Caution.tsx';
import { TopBar } from './TopBar.tsx';

interface ScreenProps {
  /** Said first to those who listen; null where the screen shows its own heading. */
  readonly title: string;
  readonly hideTitle?: boolean;
  readonly back: string | null;
  readonly children: ComponentChildren;
  /** What stands in reach of the thumb. */
  readonly thumb?: ComponentChildren;
}

/** One thing a screen: the bar, what there is to see, and the next action at the bottom. */
export function Screen(props: ScreenProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · Sextant`;
    heading.current?.focus({ preventScroll: true });
  }, [props.title]);
  return (
    <div class="screen">
      <TopBar back={props.back} />
      <Caution />
      <main class="main">
        <h1 ref={heading} tabIndex={-1} class={props.hideTitle === true ? 'hidden' : 'title'}>
          {props.title}
        </h1>
        {props.children}
      </main>
      {props.thumb === undefined ? null : <footer class="thumb">{props.thumb}</footer>}
    </div>
  );
}
