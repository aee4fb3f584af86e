import type { UnitBeds } from '../api/types.ts';
import { FreeBeds, unitSubject } from '../board/Beds.tsx';
import { useOverview } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { useSpeech } from '../language/translate.ts';
import { type Column, DataTable } from '../parts/DataTable.tsx';
import { href } from '../route.ts';
import { ExportButton } from './ExportButton.tsx';
import { ListHead } from './ListHead.tsx';
import type { Pages } from './pages.ts';

/** Beds by unit: how many, promised, taken, free, and how old each count is. */
export function BedsList() {
  const { t } = useSpeech();
  const overview = useOverview();
  const columns = useBedColumns();
  const rows = overview.data?.beds ?? [];
  // The board's answer holds every unit already, so it is one page.
  const pages: Pages<UnitBeds> = {
    resource: { ...overview, data: overview.data === null ? null : { rows } },
    first: 0,
    back: null,
    on: null,
    all: async () => rows,
  };
  return (
    <>
      <ListHead title={t('beds.title')} />
      <DataTable
        label={t('beds.title')}
        columns={columns}
        pages={pages}
        rowKey={({ unit }) => unit}
        empty={t('beds.none')}
        tools={<ExportButton name="beds" columns={columns} pages={pages} />}
      />
    </>
  );
}

function useBedColumns(): readonly Column<UnitBeds>[] {
  const { t, label, count, minutes } = useSpeech();
  const { bedKind, subjectName } = useDomain();
  const figures = (['beds', 'occupied', 'promised'] as const).map((id): Column<UnitBeds> => {
    const cell = (unit: UnitBeds) => {
      const value = unit[id];
      return value === null ? '–' : count(value);
    };
    return { id, head: t(`beds.head-${id}`), number: true, cell, value: (unit) => unit[id] };
  });
  return [
    {
      id: 'unit',
      head: t('column.unit'),
      cell: (unit) => (
        <a href={href(['subject', unitSubject(unit)])} translate="no">
          {label(unit.label) || unit.unit}
        </a>
      ),
      value: (unit) => label(unit.label) || unit.unit,
    },
    {
      id: 'facility',
      head: t('column.facility'),
      wide: true,
      cell: ({ facility }) =>
        facility === null ? (
          '–'
        ) : (
          <a href={href(['subject', pointSubject(facility)])}>
            {subjectName(pointSubject(facility))}
          </a>
        ),
      value: ({ facility }) => facility,
    },
    {
      id: 'kind',
      head: t('column.kind'),
      cell: (unit) => bedKind(unit.bedKind),
      value: (unit) => bedKind(unit.bedKind),
    },
    ...figures,
    {
      id: 'free',
      head: t('beds.free'),
      number: true,
      cell: (unit) => <FreeBeds unit={unit} />,
      value: ({ stale, free }) => (stale ? null : free),
    },
    {
      id: 'age',
      head: t('beds.age'),
      number: true,
      cell: ({ countAgeMinutes }) =>
        countAgeMinutes === null
          ? t('beds.never')
          : t('beds.ago', { span: minutes(countAgeMinutes) }),
      value: ({ countAgeMinutes }) => countAgeMinutes,
    },
  ];
}

function pointSubject(facility: string): string {
  return facility.startsWith('point:') ? facility : `point:${facility}`;
}
