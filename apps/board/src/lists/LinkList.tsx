import type { Link, LinkRow } from '../api/types.ts';
import { useScope } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { type Column, DataTable } from '../parts/DataTable.tsx';
import { Mark } from '../parts/Mark.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { href } from '../route.ts';
import { ExportButton } from './ExportButton.tsx';
import { ListHead } from './ListHead.tsx';
import { usePages } from './pages.ts';

/** What waits at one link, the oldest first. */
export function LinkList({ link }: { link: Link }) {
  const { t } = useSpeech();
  const { place, round } = useScope();
  const pages = usePages<LinkRow>(`/links/${link}`, { place, round });
  const columns = useLinkColumns();
  const title = t('list.link', { link: t(`link.${link}`) });
  return (
    <>
      <ListHead title={title} />
      {link === 'collect' ? (
        <p className="list-note soft">
          {t('list.sets')} <a href={href(['missing'])}>{t('coverage.who')}</a>
        </p>
      ) : null}
      <DataTable
        label={title}
        columns={columns}
        pages={pages}
        rowKey={(row) => row.subject}
        empty={t('list.link-empty')}
        tools={<ExportButton name={`link-${link}`} columns={columns} pages={pages} />}
      />
    </>
  );
}

function useLinkColumns(): readonly Column<LinkRow>[] {
  const { t, minutes } = useSpeech();
  const { stageName, dutyName, holderName, subjectName } = useDomain();
  const moment = useMoments();
  // People wait by a duty, and then the stage is what is owed to them.
  const stage = ({ subject, stage: name }: LinkRow) =>
    name.includes('.') ? dutyName(name) : stageName(subject, name);
  return [
    {
      id: 'subject',
      head: t('column.subject'),
      cell: (row) => <SubjectLink subject={row.subject} />,
      value: (row) => subjectName(row.subject),
    },
    {
      id: 'stage',
      head: t('column.stage'),
      cell: stage,
      value: stage,
    },
    {
      id: 'age',
      head: t('column.age'),
      number: true,
      cell: (row) =>
        row.ageMinutes === null ? (
          '–'
        ) : (
          <Age minutes={minutes(row.ageMinutes)} overdue={row.overdue} />
        ),
      value: (row) => row.ageMinutes,
    },
    {
      id: 'since',
      head: t('column.since'),
      number: true,
      wide: true,
      cell: (row) => moment(row.since),
      value: (row) => row.since,
    },
    {
      id: 'holder',
      head: t('column.holder'),
      cell: (row) => holderName(row.holder),
      value: (row) => holderName(row.holder),
    },
    {
      id: 'place',
      head: t('common.place'),
      wide: true,
      cell: (row) => <PlaceName code={row.place} />,
      value: (row) => row.place,
    },
  ];
}

/** An age, with the sign of overdue when its time is past. */
export function Age({ minutes, overdue }: { minutes: string; overdue: boolean }) {
  if (!overdue) return <>{minutes}</>;
  return (
    <span className="alarm age-overdue">
      <Mark state="overdue" word={false} /> {minutes}
    </span>
  );
}
