import { type ReactNode, useEffect, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useSpeech } from '../language/translate.ts';

const keys = ['search', 'help', 'arrows', 'enter', 'ctrl-enter', 'escape'] as const;

/** Whether a key belongs to a field that is being typed in. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Sends the form that is being filled in: in a field of many lines Enter only ends a line. */
function sendForm(target: EventTarget | null): void {
  if (target instanceof HTMLElement) target.closest('form')?.requestSubmit();
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  field?.focus();
  field?.select();
  return field !== null;
}

/** Moves along the rows of a queue; from the search field down to the first. */
function moveInQueue(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('.queue-row')];
  const here = rows.findIndex((row) => row === document.activeElement);
  const next = rows[here === -1 ? (step === 1 ? 0 : -1) : here + step];
  next?.focus();
  return next !== undefined;
}

/** Keys of the desks: `/` searches, `?` shows the keys, arrows walk the queue. */
export function useDeskKeys(): ReactNode {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) sendForm(event.target);
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { target, key } = event;
      const onRow = target instanceof HTMLElement && target.classList.contains('queue-row');
      const inSearch = target instanceof HTMLElement && target.dataset['search'] !== undefined;
      let used = false;
      if (key === '/' && !isTyping(target)) used = focusSearch();
      else if (key === '?' && !isTyping(target)) used = setOpen(true) === undefined;
      else if (key === 'ArrowDown' && (onRow || inSearch)) used = moveInQueue(1);
      else if (key === 'ArrowUp' && onRow) used = moveInQueue(-1);
      if (used) event.preventDefault();
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <ModalOverlay className="overlay" isDismissable isOpen={open} onOpenChange={setOpen}>
      <Modal className="modal">
        <Dialog className="keys-dialog">
          <Heading slot="title">{t('nav.keys')}</Heading>
          <dl className="keys">
            {keys.map((key) => (
              <div key={key}>
                <dt>
                  <kbd>{t(`key.${key}`)}</kbd>
                </dt>
                <dd>{t(`key.${key}-about`)}</dd>
              </div>
            ))}
          </dl>
          <Button className="button" slot="close">
            {t('common.close')}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
