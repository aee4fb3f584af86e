import type { Device } from '../../../../adapters/device/types.ts';
import { charactersOf } from './names-face.ts';

let stage: 'due' | 'running' | 'done' = 'due';

/**
 * Has the device go through a tube before somebody does, once a page, while the browser has
 * nothing else to do. Asked again at every screen until there was a round to do it with.
 */
export async function rehearseOnce(device: Device): Promise<void> {
  if (stage !== 'due') return;
  stage = 'running';
  try {
    await idle();
    stage = (await device.rehearse(idle)) ? 'done' : 'due';
    await idle();
    if (stage === 'done') setNames(charactersOf(device.roster));
  } catch {
    // Nobody waits for it, and nothing is lost when it fails.
    stage = 'done';
  }
}

/**
 * Sets the characters of this place once in every way in which a table shows a name, out of sight:
 * the first name in a face takes a slow phone three times as long as the next.
 */
function setNames(characters: string): void {
  const ways = ['voice-head', 'voice-line', 'seat-who', 'seat-who'].map((name, index) => {
    const way = document.createElement('p');
    way.className = name;
    const inner =
      index < 2 ? way : way.appendChild(document.createElement(index === 2 ? 'b' : 'small'));
    inner.textContent = characters;
    return way;
  });
  const sheet = document.createElement('div');
  sheet.className = 'hidden';
  sheet.ariaHidden = 'true';
  sheet.append(...ways);
  document.body.append(sheet);
  sheet.getBoundingClientRect();
  sheet.remove();
}

/** Done when there is no picture to draw and no key to hear. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Missing in Safari, whatever the types say.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve());
    else setTimeout(resolve, 200);
  });
}
