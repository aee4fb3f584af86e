import { Button } from 'react-aria-components';
import { useSpeech } from '../language/translate.ts';

interface Props {
  /** The verb of what is done, in the worker's words. */
  readonly verb: string;
  readonly busy: boolean;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  readonly onCancel?: (() => void) | undefined;
}

/** The end of a form: the one button that does it, and the way out. */
export function SendRow({ verb, busy, isDisabled = false, autoFocus = false, onCancel }: Props) {
  const { t } = useSpeech();
  return (
    <div className="button-row">
      <Button
        type="submit"
        className="button primary"
        isPending={busy}
        isDisabled={isDisabled}
        autoFocus={autoFocus}
      >
        {busy ? t('form.sending') : verb}
      </Button>
      {onCancel === undefined ? null : (
        <Button className="button quiet" onPress={onCancel}>
          {t('common.cancel')}
        </Button>
      )}
    </div>
  );
}
