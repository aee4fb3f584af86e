import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Json } from '../../../../../kernel/assert.ts';
import { type Disposition, dispositions } from '../../../../../rooms/screening/index.ts';
import { newActId } from '../../app/act-id.ts';
import { useDevice } from '../../app/device.tsx';
import { useSpeech } from '../../language/translate.ts';
import { Choices } from '../../parts/Choices.tsx';
import { sayFailure, valuesOf } from '../../parts/failure.ts';
import { told } from '../../parts/feedback.ts';
import { Field } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import { nameOf, whereOf } from '../sampling/table.ts';
import { type VisitTime, visitTimes } from './visit-times.ts';

interface EntryProps {
  readonly person: number;
  readonly round: string;
  readonly onClose: () => void;
}

/** Why somebody was not sampled, or when somebody will come: said once, kept at once. */
export function EntrySheet({ person, round, onClose }: EntryProps): JSX.Element {
  const { t } = useSpeech();
  const device = useDevice();
  const status = device.roster.statusOf(round, person);
  const [disposition, setDisposition] = useState<Disposition | null>(null);
  const [note, setNote] = useState('');
  const [until, setUntil] = useState<string>('none');
  const [times] = useState(() => visitTimes(Date.now()));
  const { failure, act } = useEntryAct(onClose);
  const record = (): void => {
    if (disposition === null) return;
    const at = times.find(({ key }) => key === until)?.at ?? null;
    const reason = note.trim() === '' ? t(`why.${disposition}`) : note.trim().slice(0, 200);
    const when = disposition === 'home-visit' && at !== null ? { until: at } : {};
    void act('screening.dispose-person', { round, person, disposition, reason, ...when });
  };
  const canWithdraw = status.kind !== 'open' && status.kind !== 'sampled';
  return (
    <Sheet title={t('doors.why-not')} onClose={onClose}>
      <p class="who">
        <b translate={false}>{nameOf(device, person)}</b>{' '}
        <span translate={false}>{whereOf(device, person)}</span> · {t(`status.${status.kind}`)}
      </p>
      <Choices
        quiet
        label={t('doors.why-not')}
        name="disposition"
        choices={(Object.keys(dispositions) as Disposition[]).map((value) => ({
          value,
          label: t(`status.${value}`),
          note: t(`why.${value}`),
        }))}
        chosen={disposition}
        onChoose={(value) => setDisposition(value as Disposition)}
      />
      {disposition === 'home-visit' ? (
        <VisitAt times={times} chosen={until} onChoose={setUntil} />
      ) : null}
      <Field label={t('doors.note')} value={note} onValue={setNote} />
      {failure === null ? null : (
        <Notice mark="unknown" alert>
          {failure}
        </Notice>
      )}
      <div class="sheet-thumb">
        {canWithdraw ? (
          <button
            type="button"
            class="button"
            onClick={() => void act('screening.withdraw-disposition', { round, person })}
          >
            {t('doors.withdraw')}
          </button>
        ) : null}
        <button
          type="button"
          class="button primary"
          disabled={disposition === null}
          onClick={record}
        >
          {t('doors.record')}
        </button>
      </div>
    </Sheet>
  );
}

interface EntryAct {
  readonly failure: string | null;
  readonly act: (name: string, body: Json) => Promise<void>;
}

/** Does an act about an entry: closes when it is kept, says why when it is not. */
function useEntryAct(onKept: () => void): EntryAct {
  const device = useDevice();
  const speech = useSpeech();
  const [failure, setFailure] = useState<string | null>(null);
  const act = async (name: string, body: Json): Promise<void> => {
    try {
      const acted = await device.act(name, body, newActId());
      told(acted.kind === 'kept' ? 'right' : 'wrong');
      if (acted.kind === 'kept') onKept();
      else setFailure(speech.code(acted.code, valuesOf(acted.details)));
    } catch (error) {
      told('wrong');
      setFailure(sayFailure(error, speech));
    }
  };
  return { failure, act };
}

interface VisitProps {
  readonly times: readonly VisitTime[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

function VisitAt({ times, chosen, onChoose }: VisitProps): JSX.Element {
  const { t } = useSpeech();
  const none = { value: 'none', label: t('doors.no-time') };
  return (
    <Choices
      row
      label={t('doors.visit-at')}
      name="until"
      choices={[...times.map(({ key }) => ({ value: key, label: t(`visit.${key}`) })), none]}
      chosen={chosen}
      onChoose={onChoose}
    />
  );
}
