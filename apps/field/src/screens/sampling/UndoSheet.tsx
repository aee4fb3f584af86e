import type { JSX } from 'preact';
import { useDevice } from '../../app/device.tsx';
import { useSpeech } from '../../language/translate.ts';
import { ReasonPicker } from '../../parts/ReasonPicker.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import { nameOf, whereOf } from './table.ts';

interface UndoProps {
  readonly person: number;
  readonly onClose: () => void;
  readonly onUndo: (reason: string) => void;
}

/** Takes somebody out of the open tube; the reason goes on record. */
export function UndoSheet({ person, onClose, onUndo }: UndoProps): JSX.Element {
  const { t } = useSpeech();
  const device = useDevice();
  const reasons = [t('undo.wrong-person'), t('undo.refused'), t('undo.dropped')];
  return (
    <Sheet title={t('undo.title')} onClose={onClose}>
      <p class="who" translate={false}>
        <b>{nameOf(device, person)}</b> {whereOf(device, person)}
      </p>
      <p class="soft">{t('undo.why')}</p>
      <ReasonPicker reasons={reasons} action={t('undo.confirm')} onReason={onUndo} />
    </Sheet>
  );
}
