import { useState } from 'react';
import { Button, FileTrigger, Input, Label, TextField } from 'react-aria-components';
import { Problem, queryText, request } from '../../api/client.ts';
import type { Json, JsonObject } from '../../api/types.ts';
import { useDomain } from '../../language/domain.ts';
import { useSpeech } from '../../language/translate.ts';
import { Failure } from '../../parts/Failure.tsx';
import type { OwnFormProps } from '../own-forms.ts';

/** Takes the file that the instrument wrote: the readings of a plate, as they were measured. */
export function InstrumentFile({ thing, onDone, onCancel }: OwnFormProps) {
  const { t } = useSpeech();
  const [instrument, setInstrument] = useState('');
  const [correction, setCorrection] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [actId, setActId] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const plate = thing?.subject.slice('plate:'.length) ?? '';
  // Readings are on record already: these replace them, and the reason is kept.
  const isAgain = thing?.stage === 'read';
  async function send() {
    if (file === null) return;
    setBusy(true);
    setFailure(null);
    try {
      const query = queryText({
        actId,
        instrument: instrument.trim() || file.name,
        correction: correction.trim(),
      });
      const path = `/laboratory/plates/${encodeURIComponent(plate)}/instrument-file${query}`;
      await request(path, { method: 'POST', body: await file.text(), contentType: 'text/csv' });
      onDone();
    } catch (error) {
      // An answer, even a refusal, ends this act; silence keeps its id for the next try.
      if (error instanceof Problem) setActId(crypto.randomUUID());
      setFailure(error);
    }
    setBusy(false);
  }
  return (
    <div className="form">
      <h3>{t('plate.read-file')}</h3>
      <TextField className="field" value={instrument} onChange={setInstrument}>
        <Label>{t('plate.instrument')}</Label>
        <Input autoComplete="off" spellCheck={false} />
      </TextField>
      <FileChoice
        file={file}
        onChoose={(chosen) => {
          setFile(chosen);
          setFailure(null);
        }}
      />
      {isAgain ? (
        <TextField className="field" value={correction} onChange={setCorrection} isRequired>
          <Label>{t('plate.correction')}</Label>
          <Input autoComplete="off" />
        </TextField>
      ) : null}
      <Failure of={failure} />
      <FileFaults of={failure} />
      <div className="button-row">
        <Button
          className="button primary"
          isDisabled={file === null || (isAgain && correction.trim() === '')}
          isPending={busy}
          onPress={() => void send()}
        >
          {t(busy ? 'form.sending' : 'plate.read')}
        </Button>
        <Button className="button quiet" onPress={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </div>
  );
}

/** The button that opens the file dialogue, and the name of what was chosen. */
function FileChoice({
  file,
  onChoose,
}: {
  file: File | null;
  onChoose: (file: File | null) => void;
}) {
  const { t } = useSpeech();
  return (
    <div className="field">
      <FileTrigger
        acceptedFileTypes={['.csv', '.txt', '.tsv', 'text/csv', 'text/plain']}
        onSelect={(files) => onChoose(files?.[0] ?? null)}
      >
        <Button className="button" autoFocus>
          {t('plate.choose-file')}
        </Button>
      </FileTrigger>
      <span className="hint">{file === null ? t('plate.file-hint') : file.name}</span>
    </div>
  );
}

/** What is wrong with a file, line by line. */
function FileFaults({ of }: { of: unknown }) {
  const { t } = useSpeech();
  const { findingText } = useDomain();
  const faults = of instanceof Problem ? of.details['faults'] : null;
  if (!Array.isArray(faults) || faults.length === 0) return null;
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col" className="number">
            {t('fault.row')}
          </th>
          <th scope="col">{t('fault.column')}</th>
          <th scope="col">{t('fault.value')}</th>
          <th scope="col">{t('column.reason')}</th>
        </tr>
      </thead>
      <tbody>
        {(faults as readonly JsonObject[]).map((fault, index) => (
          <tr key={index}>
            <td className="number">{text(fault['row'])}</td>
            <td>{text(fault['column'])}</td>
            <td>{text(fault['value'])}</td>
            <td>{findingText({ code: text(fault['code']) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}
