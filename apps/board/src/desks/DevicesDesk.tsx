import { type FormEvent, useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { queryText, request } from '../api/client.ts';
import type { DeviceRow, DeviceStage, Page } from '../api/types.ts';
import { useOverview } from '../board/overview.tsx';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { ExportButton } from '../lists/ExportButton.tsx';
import type { Pages } from '../lists/pages.ts';
import { type Column, DataTable } from '../parts/DataTable.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Mark, type MarkState } from '../parts/Mark.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { useResource } from '../resource.ts';
import { href } from '../route.ts';

const marks: Record<DeviceStage, MarkState> = {
  lost: 'overdue',
  gap: 'overdue',
  silent: 'unknown',
  waiting: 'moving',
  complete: 'done',
};

const liveEveryMs = 5_000;

/** Every phone of the field: whose it is, when it was heard of, and what of it is missing. */
export function DevicesDesk({ device }: { device: string | null }) {
  const { t } = useSpeech();
  const place = useOverview().data?.place.code ?? null;
  const path = place === null ? null : `/devices${queryText({ place })}`;
  const resource = useResource<Page<DeviceRow>>(path, { liveEveryMs });
  const columns = useDeviceColumns();
  const rows = resource.data?.rows ?? [];
  const chosen = rows.find((row) => row.device === device) ?? null;
  const pages: Pages<DeviceRow> = {
    resource,
    first: 0,
    back: null,
    on: null,
    all: async () => rows,
  };
  return (
    <>
      {chosen === null ? null : (
        <DeviceDetail row={chosen} onChange={resource.refetch} key={chosen.device} />
      )}
      <DataTable
        label={t('desk.devices')}
        columns={columns}
        pages={pages}
        rowKey={(row) => row.device}
        empty={t('devices.none')}
        tools={<ExportButton name="devices" columns={columns} pages={pages} />}
      />
    </>
  );
}

function useDeviceColumns(): readonly Column<DeviceRow>[] {
  const { t, count } = useSpeech();
  const moment = useMoments();
  const clock = useClockOff();
  const stageWord = (stage: DeviceStage) => t(`devices.stage-${stage}`);
  const figures = (['missing', 'waiting'] as const).map((id): Column<DeviceRow> => {
    const value = (row: DeviceRow) => (id === 'missing' ? row.missingCount : row.waiting);
    return { id, head: t(`devices.${id}`), number: true, cell: (row) => count(value(row)), value };
  });
  return [
    {
      id: 'device',
      head: t('devices.device'),
      cell: ({ device, label }) => (
        <a href={href(['desk', 'devices', device])} translate="no">
          {label}
        </a>
      ),
      value: ({ label }) => label,
    },
    {
      id: 'account',
      head: t('devices.account'),
      cell: ({ account }) => <span translate="no">{account}</span>,
      value: ({ account }) => account,
    },
    {
      id: 'place',
      head: t('devices.place'),
      wide: true,
      cell: ({ place }) => (place === null ? '–' : <PlaceName code={place} />),
      value: ({ place }) => place,
    },
    {
      id: 'stage',
      head: t('devices.stage'),
      cell: ({ stage, wentBack }) => (
        <>
          <Mark state={marks[stage]} word={false} /> <span>{stageWord(stage)}</span>
          {wentBack === null ? null : <WentBackMark />}
        </>
      ),
      value: ({ stage, wentBack }) =>
        [stageWord(stage), ...(wentBack === null ? [] : [t('devices.went-back')])].join('; '),
    },
    ...figures,
    {
      id: 'seen',
      head: t('devices.seen'),
      cell: ({ lastSeenAt }) => moment(lastSeenAt),
      value: ({ lastSeenAt }) => lastSeenAt,
    },
    {
      id: 'clock',
      head: t('devices.clock'),
      wide: true,
      cell: clock,
      value: ({ clockAheadMs }) => clockAheadMs,
    },
    {
      id: 'app',
      head: t('devices.app'),
      wide: true,
      cell: ({ app }) => <span translate="no">{app}</span>,
      value: ({ app }) => app,
    },
  ];
}

function WentBackMark() {
  const { t } = useSpeech();
  return (
    <div>
      <Mark state="unknown" word={false} /> <span>{t('devices.went-back')}</span>
    </div>
  );
}

/** Less than this is the time that a message takes. */
const clockFineMs = 10_000;

function useClockOff(): (row: DeviceRow) => string {
  const { t, span } = useSpeech();
  return ({ clockAheadMs }) => {
    if (clockAheadMs === null) return '–';
    if (Math.abs(clockAheadMs) < clockFineMs) return t('devices.clock-right');
    const off = { span: span(Math.abs(clockAheadMs) / 1000) };
    return clockAheadMs > 0 ? t('devices.clock-ahead', off) : t('devices.clock-behind', off);
  };
}

interface DetailProps {
  readonly row: DeviceRow;
  readonly onChange: () => void;
}

function DeviceDetail({ row, onChange }: DetailProps) {
  const { t, count } = useSpeech();
  const moment = useMoments();
  const { lost, missing, missingCount, missingSince, wentBack } = row;
  const ranges = missing.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return (
    <section className="act-sheet" aria-label={row.label}>
      <h2 translate="no">{row.label}</h2>
      <p className="soft" translate="no">
        {row.device}
      </p>
      <p>{t('devices.counted', { kept: count(row.keptSeq), received: count(row.receivedSeq) })}</p>
      <p>
        {missingCount === 0
          ? t('devices.nothing-missing')
          : t('devices.what-missing', {
              count: missingCount,
              ranges: ranges.join(', '),
              since: moment(missingSince),
              account: row.account,
            })}
      </p>
      {wentBack === null ? null : (
        <p>
          <Mark state="unknown" word={false} />{' '}
          {t('devices.what-went-back', {
            time: moment(wentBack.at),
            account: wentBack.account,
            from: count(wentBack.from),
            to: count(wentBack.to),
          })}
        </p>
      )}
      {lost === null ? null : (
        <p>
          <Mark state="overdue" word={false} />{' '}
          {t('devices.lost-by', { by: lost.by, time: moment(lost.at), reason: lost.reason })}
        </p>
      )}
      <LossForm row={row} onChange={onChange} />
    </section>
  );
}

function LossForm({ row, onChange }: DetailProps) {
  const { t } = useSpeech();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const isLost = row.lost !== null;
  async function send() {
    setBusy(true);
    setFailure(null);
    const path = `/devices/${encodeURIComponent(row.device)}/${isLost ? 'found' : 'lost'}`;
    const body = isLost ? {} : { reason: reason.trim() };
    try {
      await request(path, { method: 'POST', body });
      setReason('');
      onChange();
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void send();
  }
  return (
    <form className="form" onSubmit={submit}>
      {isLost ? null : (
        <TextField className="field" value={reason} onChange={setReason} isRequired maxLength={200}>
          <Label>{t('devices.reason')}</Label>
          <Input />
          <span className="hint">{t('devices.reason-hint')}</span>
        </TextField>
      )}
      <Failure of={failure} />
      <div className="button-row">
        <Button type="submit" className="button" isPending={busy}>
          {t(isLost ? 'devices.report-found' : 'devices.report-lost')}
        </Button>
      </div>
    </form>
  );
}
