import { type FormEvent, useMemo, useState } from 'react';
import { Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import type { ActEntry, JsonObject, Page, SubjectRow } from '../../api/types.ts';
import { useScope } from '../../board/overview.tsx';
import { useCatalogue } from '../../catalogue.tsx';
import { useSpeech } from '../../language/translate.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { SendRow } from '../../parts/SendRow.tsx';
import { useResource } from '../../resource.ts';
import { go, href } from '../../route.ts';
import { useSending } from '../ActForm.tsx';
import { Field } from '../fields/Field.tsx';
import { type Draft, foldLabel, scannedLines } from '../form-values.ts';
import { useRoleRefusal } from '../StartForm.tsx';
import type { OwnFormProps } from '../own-forms.ts';
import { PlatePicture, type Well } from './PlatePicture.tsx';
import { type Control, fillWells, usualControls } from './wells.ts';

/** Fills a plate: tubes are scanned one after another into the next free well. */
export function LoadPlate({ onCancel }: OwnFormProps) {
  const { t, label } = useSpeech();
  const { data } = useCatalogue();
  const entry = data?.acts.find(({ room, act }) => room === 'laboratory' && act === 'load-plate');
  if (entry === undefined) return <p className="loading">{t('state.loading')}</p>;
  return (
    <>
      <h2>{label(entry.label)}</h2>
      <LoadForm entry={entry} onCancel={onCancel} />
    </>
  );
}

function LoadForm({ entry, onCancel }: { entry: ActEntry; onCancel: () => void }) {
  const { t, label } = useSpeech();
  const { place } = useScope();
  const [names, setNames] = useState(unnamed);
  const [text, setText] = useState('');
  const [controls, setControls] = useState(usualControls);
  const [missing, setMissing] = useState(false);
  const placeOfLaboratory = usePlaceOf(names.laboratory);
  const refusal = useRoleRefusal(entry);
  const plate = foldLabel(names.plate);
  const sending = useSending(() => go(href(['desk', 'laboratory', `plate:${plate}`])));
  const tubes = useMemo(() => scannedLines(text).map((line) => line.toUpperCase()), [text]);
  const filled = fillWells(tubes, controls);
  function submit(event: FormEvent) {
    event.preventDefault();
    const lacking = plate === '' || names.laboratory.trim() === '' || tubes.length === 0;
    setMissing(lacking);
    if (lacking) return;
    const rerunOf = foldLabel(names.again);
    const body: JsonObject = {
      plate,
      laboratory: names.laboratory.trim(),
      place: placeOfLaboratory ?? place,
      wells: filled.wells.map((well) => (rerunOf === '' ? well : { ...well, rerunOf })),
      controls: Object.entries(controls).map(([well, control]) => ({ well, control })),
    };
    sending.send(entry, body);
  }
  return (
    <form className="form load-plate" onSubmit={submit} noValidate>
      {refusal === null ? null : <Notice state="refused">{refusal}</Notice>}
      <PlateNames entry={entry} names={names} onChange={setNames} />
      <div className="load-columns">
        <TubeLines text={text} onChange={setText} count={tubes.length} left={filled.left.length} />
        <div>
          <PlatePicture
            wells={wellsOf(filled.wells, controls)}
            onChoose={(well) => setControls(turnControl(controls, well))}
          />
          <p className="soft small">{t('plate.controls-hint')}</p>
        </div>
      </div>
      {missing ? <p className="field-error">{t('plate.missing')}</p> : null}
      <Failure of={sending.failure} />
      <SendRow
        verb={label(entry.label)}
        busy={sending.busy}
        isDisabled={refusal !== null || filled.left.length > 0}
        onCancel={onCancel}
      />
    </form>
  );
}

interface Names {
  readonly plate: string;
  readonly laboratory: string;
  /** The plate on which these tubes failed, when they run again. */
  readonly again: string;
}

const unnamed: Names = { plate: '', laboratory: '', again: '' };

interface NamesProps {
  readonly entry: ActEntry;
  readonly names: Names;
  readonly onChange: (names: Names) => void;
}

function PlateNames({ entry, names, onChange }: NamesProps) {
  const { t } = useSpeech();
  const set = (name: keyof Names) => (value: Draft) =>
    onChange({ ...names, [name]: String(value) });
  return (
    <div className="group-fields">
      <TextField className="field" value={names.plate} onChange={set('plate')} autoFocus isRequired>
        <Label>{t('plate.label')}</Label>
        <Input className="code" spellCheck={false} autoComplete="off" />
      </TextField>
      <Field
        name="laboratory"
        schema={entry.schema.properties?.['laboratory'] ?? {}}
        required
        draft={names.laboratory}
        onChange={set('laboratory')}
        path="/laboratory"
        faults={[]}
      />
      <TextField className="field" value={names.again} onChange={set('again')}>
        <Label>{t('plate.rerun-of')}</Label>
        <Input className="code" spellCheck={false} autoComplete="off" />
      </TextField>
    </div>
  );
}

interface LinesProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly count: number;
  /** Tubes that find no free well. */
  readonly left: number;
}

function TubeLines({ text, onChange, count, left }: LinesProps) {
  const { t } = useSpeech();
  return (
    <TextField className="field field-scan" value={text} onChange={onChange}>
      <Label>{t('plate.tubes')}</Label>
      <TextArea rows={12} spellCheck={false} autoComplete="off" data-search />
      <Text slot="description" className="hint">
        {t('form.scanned', { count })}
        {left === 0 ? null : <strong> {t('plate.left-over', { count: left })}</strong>}
      </Text>
    </TextField>
  );
}

type Controls = { readonly [well: string]: Control };

/** Pressing a well turns it: sample, positive control, negative control, sample again. */
function turnControl(controls: Controls, well: string): Controls {
  const { [well]: now, ...others } = controls;
  if (now === undefined) return { ...others, [well]: 'positive' };
  return now === 'positive' ? { ...others, [well]: 'negative' } : others;
}

function wellsOf(
  loaded: readonly { well: string; tube: string }[],
  controls: Controls,
): { [well: string]: Well } {
  const wells: { [well: string]: Well } = {};
  for (const { well, tube } of loaded) wells[well] = { state: 'loaded', name: tube };
  for (const [well, control] of Object.entries(controls)) {
    wells[well] = { state: `control-${control}`, name: '' };
  }
  return wells;
}

/** Where a laboratory stands: that is the place on record of its plates. */
function usePlaceOf(point: string): string | null {
  const { data } = useResource<Page<SubjectRow>>('/subjects?prefix=point&done=false&limit=200');
  return data?.rows.find(({ subject }) => subject === `point:${point.trim()}`)?.place ?? null;
}
