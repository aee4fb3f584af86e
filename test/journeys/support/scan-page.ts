import { feedback } from '../../../apps/field/src/scan/feedback.ts';
import { openScanner, type ScannerOptions } from '../../../apps/field/src/scan/index.ts';
import { listenToWedge } from '../../../apps/field/src/scan/wedge.ts';

/** The smallest page with a scanner: a video, a form, and a list of what was told. */
const [video, list, state] = [
  document.querySelector('video'),
  document.querySelector('ol'),
  document.querySelector('output'),
];
if (video === null || list === null || state === null) throw new Error('the page is not whole');

const tell = (text: string, format: string): void => {
  const item = document.createElement('li');
  item.textContent = `${format} ${text}`;
  list.append(item);
};
document.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  tell('submitted', 'form');
});
document.querySelector('#press')?.addEventListener('click', () => tell('pressed', 'button'));
document.querySelector('#open')?.addEventListener('click', () => {
  const options = { onLost: (): void => void (state.value = 'lost') };
  void open(options);
});
/** Opens the scanner, shows which reader is at work, and lets the buttons steer it. */
async function open(options: ScannerOptions): Promise<void> {
  try {
    const scanner = await openScanner(video as HTMLVideoElement, tell, options);
    (state as HTMLOutputElement).value = scanner.engine;
    document.querySelector('#close')?.addEventListener('click', () => scanner.close());
    document.querySelector('#pause')?.addEventListener('click', () => scanner.pause());
    document.querySelector('#resume')?.addEventListener('click', () => scanner.resume());
  } catch (error) {
    (state as HTMLOutputElement).value = (error as { code?: string }).code ?? String(error);
  }
}
document.querySelector('#wedge')?.addEventListener('click', () => listenToWedge(document, tell));
document.querySelector('#signals')?.addEventListener('click', () => {
  feedback.right();
  feedback.wrong();
});
