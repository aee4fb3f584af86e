import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FieldDuty } from '../../../../../adapters/device/types.ts';
import { type Disposition } from '../../../../../rooms/screening/index.ts';
import { newActId } from '../../app/act-id.ts';
import { useDevice } from '../../app/device.tsx';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Choices } from '../../parts/Choices.tsx';
import { sayFailure, valuesOf } from '../../parts/failure.ts';
import { told } from '../../parts/feedback.ts';
import { LongField } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import { nameOf, whereOf } from '../sampling/table.ts';

const visits = ['screening.visit-at-home', 'screening.talk-to-refuser'];
const settling: readonly Disposition[] = ['excused', 'away', 'deferred'];

interface DutyProps {
  readonly duty: FieldDuty;
  readonly onClose: () => void;
}

/** One duty: closed with evidence where a phone can, else the way to where it is closed. */
export function DutySheet({ duty, onClose }: DutyProps): JSX.Element {
  const { t, term } = useSpeech();
  const device = useDevice();
  const title = term(`duty.${duty.kind}`) ?? t('duty.other');
  const key = duty.subject.slice(duty.subject.indexOf(':') + 1);
  return (
    <Sheet title={title} onClose={onClose}>
      <p class="who" translate={false}>
        {duty.person === null ? (
          <b>{key}</b>
        ) : (
          <>
            <b>{nameOf(device, duty.person)}</b> {whereOf(device, duty.person)}
          </>
        )}
      </p>
      {way()}
    </Sheet>
  );

  function way(): JSX.Element {
    if (visits.includes(duty.kind) && duty.person !== null) {
      const round = key.slice(0, key.lastIndexOf('/'));
      return <CloseVisit person={duty.person} round={round} onClose={onClose} />;
    }
    if (duty.kind === 'screening.seal-tube') {
      return (
        <a class="button primary" href={hrefOf('sampling')}>
          {t('home.continue-sampling')}
        </a>
      );
    }
    if (duty.kind.startsWith('custody.')) {
      return (
        <a class="button primary" href={hrefOf('courier', key)}>
          {t('courier.open-box')}
        </a>
      );
    }
    return <Notice mark="waiting">{t('duties.elsewhere')}</Notice>;
  }
}

interface CloseProps {
  readonly person: number;
  readonly round: string;
  readonly onClose: () => void;
}

/** A visit ends by a sample, or by a reason that settles what is owed, with what proves it. */
function CloseVisit({ person, round, onClose }: CloseProps): JSX.Element {
  const speech = useSpeech();
  const { t, code } = speech;
  const device = useDevice();
  const [disposition, setDisposition] = useState<Disposition | null>(null);
  const [evidence, setEvidence] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const reason = evidence.trim().slice(0, 200);
  const close = async (): Promise<void> => {
    if (disposition === null) return;
    try {
      const body = { round, person, disposition, reason };
      const acted = await device.act('screening.dispose-person', body, newActId());
      told(acted.kind === 'kept' ? 'right' : 'wrong');
      if (acted.kind === 'kept') onClose();
      else setFailure(code(acted.code, valuesOf(acted.details)));
    } catch (error) {
      told('wrong');
      setFailure(sayFailure(error, speech));
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void close();
      }}
    >
      <a class="button" href={hrefOf('sampling')}>
        {t('doors.sample-now')}
      </a>
      <Choices
        label={t('duties.close')}
        name="settled"
        choices={settling.map((value) => ({
          value,
          label: t(`status.${value}`),
          note: t(`why.${value}`),
        }))}
        chosen={disposition}
        onChoose={(value) => setDisposition(value as Disposition)}
      />
      <LongField label={t('duties.evidence')} value={evidence} onValue={setEvidence} />
      {failure === null ? null : (
        <Notice mark="unknown" alert>
          {failure}
        </Notice>
      )}
      <button type="submit" class="button primary" disabled={disposition === null || reason === ''}>
        {t('duties.close')}
      </button>
    </form>
  );
}
