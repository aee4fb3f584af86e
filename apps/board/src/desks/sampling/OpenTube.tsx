import { type FormEvent, useState } from 'react';
import { Input, Label, Text, TextField } from 'react-aria-components';
import type { ActEntry, Page, Schema, SubjectRow } from '../../api/types.ts';
import { useOverview, useScope } from '../../board/overview.tsx';
import { useCatalogue } from '../../catalogue.tsx';
import { useDomain } from '../../language/domain.ts';
import { useSpeech } from '../../language/translate.ts';
import { Choice } from '../../parts/Choice.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { SendRow } from '../../parts/SendRow.tsx';
import { useResource } from '../../resource.ts';
import { go, href } from '../../route.ts';
import { useSending } from '../ActForm.tsx';
import { Field } from '../fields/Field.tsx';
import { constantsOf, foldLabel, type FormFault } from '../form-values.ts';
import { useRoleRefusal } from '../StartForm.tsx';
import type { OwnFormProps } from '../own-forms.ts';
import { useStation } from './station.ts';

/** Opens the next tube: the station's settings stay, only the label is scanned. */
export function OpenTube({ onCancel }: OwnFormProps) {
  const { t, label } = useSpeech();
  const { data: catalogue } = useCatalogue();
  const { data: board } = useOverview();
  const entry = catalogue?.acts.find(
    ({ room, act }) => room === 'screening' && act === 'open-tube',
  );
  if (board !== null && board.round === null) {
    return <Notice state="waiting">{t('coverage.none')}</Notice>;
  }
  if (entry === undefined || board === null) return <p className="loading">{t('state.loading')}</p>;
  return (
    <>
      <h2>{label(entry.label)}</h2>
      <p className="soft">{label(board.round?.label)}</p>
      <OpenTubeForm entry={entry} onCancel={onCancel} />
    </>
  );
}

function OpenTubeForm({ entry, onCancel }: { entry: ActEntry; onCancel: () => void }) {
  const { label } = useSpeech();
  const { place, round } = useScope();
  const [station, change] = useStation();
  const [tube, setTube] = useState('');
  const [faults, setFaults] = useState<readonly FormFault[]>([]);
  const placeOfPoint = usePlaceOfPoint(station.point);
  const ofRound = usePoolSize(round);
  const poolSize = station.poolSize === '' ? ofRound : station.poolSize;
  const refusal = useRoleRefusal(entry);
  const sending = useSending(() => go(href(['desk', 'sampling', `tube:${foldLabel(tube)}`])));
  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = foldLabel(tube);
    const lacking = [
      ...(station.point === '' ? ['/point'] : []),
      ...(wanted === '' ? ['/tube'] : []),
    ];
    setFaults(lacking.map((path) => ({ path, fault: 'required' })));
    if (lacking.length > 0 || round === null || poolSize === '') return;
    const { point, purpose } = station;
    const where = { point, place: placeOfPoint ?? place };
    const body = { tube: wanted, round, purpose, poolSize: Number(poolSize), ...where };
    sending.send(entry, body);
  }
  const property = (name: string): Schema => entry.schema.properties?.[name] ?? {};
  return (
    <form className="form act-form" onSubmit={submit} noValidate>
      {refusal === null ? null : <Notice state="refused">{refusal}</Notice>}
      <div className="group-fields">
        <Field
          name="point"
          schema={property('point')}
          required
          draft={station.point}
          onChange={(point) => change({ point: String(point) })}
          path="/point"
          faults={faults}
        />
        <Constants
          name="poolSize"
          schema={property('poolSize')}
          value={poolSize}
          onChange={change}
        />
        <Constants
          name="purpose"
          schema={property('purpose')}
          value={station.purpose}
          onChange={change}
        />
      </div>
      <TubeLabel
        value={tube}
        onChange={setTube}
        isMissing={faults.some(({ path }) => path === '/tube')}
      />
      <Failure of={sending.failure} />
      <SendRow
        verb={label(entry.label)}
        busy={sending.busy}
        isDisabled={refusal !== null}
        onCancel={onCancel}
      />
    </form>
  );
}

interface LabelProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isMissing: boolean;
}

function TubeLabel({ value, onChange, isMissing }: LabelProps) {
  const { t } = useSpeech();
  return (
    <TextField
      className="field field-label"
      value={value}
      onChange={onChange}
      isInvalid={isMissing}
      autoFocus
    >
      <Label>{t('sampling.tube-label')}</Label>
      <Input className="code big" spellCheck={false} autoComplete="off" data-search />
      {isMissing ? (
        <Text slot="errorMessage" className="field-error">
          {t('form.fault-required')}
        </Text>
      ) : null}
    </TextField>
  );
}

interface ConstantsProps {
  readonly name: 'poolSize' | 'purpose';
  readonly schema: Schema;
  readonly value: string;
  readonly onChange: (change: { poolSize?: string; purpose?: string }) => void;
}

function Constants({ name, schema, value, onChange }: ConstantsProps) {
  const { fieldName, valueName } = useDomain();
  const options = (constantsOf(schema) ?? []).map((each) => ({
    id: String(each),
    text: valueName(name, String(each)),
  }));
  return (
    <Choice
      label={fieldName(name)}
      value={value}
      options={options}
      onChange={(id) => onChange({ [name]: id })}
    />
  );
}

/** Where a sampling point stands: that is the place on record of its tubes. */
function usePlaceOfPoint(point: string): string | null {
  const { data } = useResource<Page<SubjectRow>>('/subjects?prefix=point&done=false&limit=200');
  return data?.rows.find(({ subject }) => subject === `point:${point}`)?.place ?? null;
}

/** How many people share a tube in a round; empty until it is known. */
function usePoolSize(round: string | null): string {
  const path = round === null ? null : `/subjects/${encodeURIComponent(`round:${round}`)}`;
  const { data } = useResource<SubjectRow>(path);
  return String(data?.state['poolSize'] ?? '');
}
