import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLatest } from '../app/latest.ts';
import { useSpeech } from '../language/translate.ts';
import { Sign } from './Sign.tsx';

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A sheet from the bottom edge; the browser keeps the focus in it and closes it by Escape. */
export function Sheet({ title, onClose, children }: SheetProps): JSX.Element {
  const { t } = useSpeech();
  const close = useLatest(onClose);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    if (!element.open) element.showModal();
    // Beside the sheet is a way out too; with keys it is Escape.
    const leave = (event: MouseEvent): void => {
      if (event.target === element) close.current();
    };
    element.addEventListener('click', leave);
    return () => {
      element.removeEventListener('click', leave);
      element.close();
    };
  }, [close]);
  return (
    <dialog ref={dialog} class="sheet" aria-label={title} onCancel={onClose}>
      <div class="sheet-inside">
        <div class="sheet-head">
          <h2>{title}</h2>
          <button type="button" class="round" aria-label={t('state.close')} onClick={onClose}>
            <Sign name="cross" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
