import { options } from 'preact';

/**
 * Has the screens drawn once for everything that changed in one go. A scan changes what was heard,
 * the tube and the counts one promise after the other; drawn after each, a slow phone would draw
 * three times before the first picture of it is seen.
 */
export function drawTogether(): void {
  const { port1, port2 } = new MessageChannel();
  let waiting: (() => void) | null = null;
  port1.addEventListener('message', () => {
    const draw = waiting;
    waiting = null;
    draw?.();
  });
  port1.start();
  options.debounceRendering = (draw) => {
    waiting = draw;
    port2.postMessage(null);
  };
}
