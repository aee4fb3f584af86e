import { foldCode } from '../../../../kernel/id.ts';
import { BurstCollector } from './burst.ts';
import type { OnCode } from './codes.ts';

/** A field and what stood in it before a scanner typed into it. */
interface Before {
  readonly field: HTMLInputElement | HTMLTextAreaElement;
  readonly value: string;
  readonly start: number | null;
  readonly end: number | null;
}

/**
 * SN-5, SN-6. Tells what a scanner that types has read, wherever the focus is, and returns a
 * function that stops it. What the scanner typed into a field is taken out again, and its Enter or
 * Tab neither sends a form nor presses a button. A field with `data-scan="keep"` keeps the text.
 */
export function listenToWedge(target: Document | HTMLElement, onCode: OnCode): () => void {
  const collector = new BurstCollector();
  let before: Before | null = null;
  const listener = (event: Event): void => {
    if (!(event instanceof KeyboardEvent)) return;
    const burst = collector.take({ key: characterOf(event), at: event.timeStamp });
    if (burst.kind === 'began') before = noteField(event.target);
    if (burst.kind !== 'scanned') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (before !== null) putBack(before);
    before = null;
    onCode(plain(burst.text), 'wedge');
  };
  // In the capture phase: before a field, a form or a shortcut of the app hears the key.
  target.addEventListener('keydown', listener, { capture: true });
  return () => target.removeEventListener('keydown', listener, { capture: true });
}

/**
 * SN-6. The character of a key. While a Chinese input method is on, keys come as `Process` and the
 * method turns them into its own text; which key was pressed is still known by its place, and
 * labels have only letters, digits and hyphens.
 */
export function characterOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'isComposing'>,
): string | null {
  const { key, code } = event;
  if (key === 'Enter' || key === 'Tab') return key;
  if (code === 'Enter' || code === 'NumpadEnter') return 'Enter';
  if (code === 'Tab') return 'Tab';
  if (!event.isComposing && key.length === 1) return key;
  if (key !== 'Process' && key !== 'Unidentified' && !event.isComposing) return null;
  const letter = /^Key([A-Z])$/.exec(code)?.[1] ?? /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  if (letter !== undefined) return letter;
  return code === 'Minus' || code === 'NumpadSubtract' ? '-' : null;
}

/** SN-6. Full width folded, and without the three characters some scanners put first (`]C1`). */
function plain(text: string): string {
  return foldCode(text.replace(/^\][A-Za-z][0-9A-Za-z]/, ''));
}

function noteField(target: EventTarget | null): Before | null {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return null;
  if (target.dataset['scan'] === 'keep') return null;
  // Kinds such as number and date have no selection and say so with null.
  const { value, selectionStart: start, selectionEnd: end } = target;
  return { field: target, value, start, end };
}

function putBack({ field, value, start, end }: Before): void {
  // An open composition would write over the text that is put back.
  if (document.activeElement === field) {
    field.blur();
    field.focus({ preventScroll: true });
  }
  field.value = value;
  if (start !== null && end !== null) field.setSelectionRange(start, end);
  // Frameworks that keep a field's text in their own state hear of it.
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
