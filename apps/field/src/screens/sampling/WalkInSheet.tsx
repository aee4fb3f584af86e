import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { newActId } from '../../app/act-id.ts';
import { useDevice } from '../../app/device.tsx';
import { useSpeech } from '../../language/translate.ts';
import { sayFailure } from '../../parts/failure.ts';
import { Field } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import type { Station } from './station.ts';

interface WalkInProps {
  /** What was scanned or typed before: a document number, perhaps. */
  readonly text: string;
  readonly station: Station;
  readonly onClose: () => void;
  readonly onRegistered: (person: number) => void;
}

/** Somebody who is on no list of this phone: gets a number that was kept for this phone. */
export function WalkInSheet({ text, station, onClose, onRegistered }: WalkInProps): JSX.Element {
  const speech = useSpeech();
  const { t } = speech;
  const device = useDevice();
  const [actId] = useState(newActId);
  const isNumber = /\d{6,}/.test(text);
  const [name, setName] = useState(isNumber ? '' : text);
  const [document, setDocument] = useState(isNumber ? text : '');
  const [phone, setPhone] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const place = device.roster.points.find(({ id }) => id === station.point)?.place ?? '';
  const save = async (): Promise<void> => {
    try {
      const person = await device.addWalkIn(
        {
          name: name.trim(),
          place,
          ...(document.trim() === ''
            ? {}
            : { documentType: 'id', documentNumber: document.trim() }),
          ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
        },
        actId,
      );
      onRegistered(person);
    } catch (error) {
      setFailure(sayFailure(error, speech));
    }
  };
  return (
    <Sheet title={t('walk-in.title')} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label={t('walk-in.name')} value={name} onValue={setName} autoFocus />
        <Field label={t('walk-in.document')} value={document} onValue={setDocument} capital />
        <Field label={t('walk-in.phone')} value={phone} onValue={setPhone} digits />
        {failure === null ? null : (
          <Notice mark="unknown" alert>
            {failure}
          </Notice>
        )}
        <button type="submit" class="button primary" disabled={name.trim() === ''}>
          {t('walk-in.save')}
        </button>
      </form>
    </Sheet>
  );
}
