import type { JSX } from 'preact';
import { useSpeech } from '../../language/translate.ts';
import { Sign } from '../../parts/Sign.tsx';
import type { OpenSheet } from './TableSheet.tsx';

interface ThumbProps {
  readonly isOpen: boolean;
  readonly isFull: boolean;
  readonly taken: number;
  readonly camera: boolean;
  readonly onCamera: () => void;
  readonly onSeal: () => void;
  readonly onSheet: (sheet: OpenSheet) => void;
}

/** What the thumb can do at the table; the next action is the large one. */
export function TableThumb(props: ThumbProps): JSX.Element {
  const { t } = useSpeech();
  const { isOpen, isFull, taken, camera, onCamera, onSeal, onSheet } = props;
  return (
    <>
      <div class="thumb-row">
        <button type="button" class="button" onClick={() => onSheet({ kind: 'find' })}>
          <Sign name="find" />
          {isOpen ? t('tube.find') : t('tube.type-label')}
        </button>
        <button
          type="button"
          class="button"
          disabled={!isOpen}
          onClick={() => onSheet({ kind: 'more' })}
        >
          <Sign name="more" />
          {t('tube.more')}
        </button>
        {isOpen && taken > 0 && !isFull ? (
          <button type="button" class="button" onClick={onSeal}>
            <Sign name="tick" />
            {t('tube.seal-now')}
          </button>
        ) : null}
      </div>
      {isFull ? (
        <button type="button" class="button primary" onClick={onSeal}>
          <Sign name="tick" />
          {t('tube.seal')}
        </button>
      ) : (
        <button type="button" class="button primary" onClick={onCamera}>
          <Sign name={camera ? 'tube' : 'camera'} />
          {camera ? t('tube.rack') : t('tube.camera')}
        </button>
      )}
    </>
  );
}
