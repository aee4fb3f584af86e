import type { JSX } from 'preact';
import { useSpeech } from '../../language/translate.ts';
import { ReasonPicker } from '../../parts/ReasonPicker.tsx';
import { Sheet } from '../../parts/Sheet.tsx';

interface MoreProps {
  readonly tube: string;
  readonly onClose: () => void;
  readonly onVoid: (reason: string) => void;
}

/** What is rarely needed: a tube that cannot be used is voided with a reason. */
export function MoreSheet({ tube, onClose, onVoid }: MoreProps): JSX.Element {
  const { t } = useSpeech();
  const reasons = [t('void.leaking'), t('void.mixed-up'), t('void.wrong-label')];
  return (
    <Sheet title={t('void.title', { tube })} onClose={onClose}>
      <p class="soft">{t('void.hint')}</p>
      <ReasonPicker reasons={reasons} action={t('tube.void')} onReason={onVoid} />
    </Sheet>
  );
}
