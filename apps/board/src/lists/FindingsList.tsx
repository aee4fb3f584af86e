import type { Finding } from '../api/types.ts';
import { useScope } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { useSpeech } from '../language/translate.ts';
import { Choice } from '../parts/Choice.tsx';
import { type Column, DataTable } from '../parts/DataTable.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { go, href, hrefHere, useRoute } from '../route.ts';
import { ExportButton } from './ExportButton.tsx';
import { ListHead } from './ListHead.tsx';
import { usePages } from './pages.ts';

const states = ['open', 'closed'] as const;

/** Records that contradict each other or the rules, and who looks at them. */
export function FindingsList() {
  const { t } = useSpeech();
  const { place } = useScope();
  const state = useRoute().query.get('state') ?? 'open';
  const pages = usePages<Finding>('/findings', { state, place });
  const columns = useFindingColumns();
  return (
    <>
      <ListHead title={t('findings.title')}>
        <Choice
          label={t('filter.state')}
          value={state}
          options={states.map((id) => ({ id, text: t(`finding-state.${id}`) }))}
          onChange={(id) => go(hrefHere({ state: id }))}
        />
      </ListHead>
      <DataTable
        label={t('findings.title')}
        columns={columns}
        pages={pages}
        rowKey={findingSubject}
        empty={t('findings.none')}
        tools={<ExportButton name="findings" columns={columns} pages={pages} />}
      />
    </>
  );
}

/** The subject under which a finding is taken up and closed. */
export function findingSubject({ subject, key }: Pick<Finding, 'subject' | 'key'>): string {
  return `finding:${subject ?? ''}~${key}`;
}

function useFindingColumns(): readonly Column<Finding>[] {
  const { t } = useSpeech();
  const { findingText, holderName, subjectName } = useDomain();
  const moment = useMoments();
  return [
    {
      id: 'finding',
      head: t('column.finding'),
      cell: (finding) => (
        <a href={href(['desk', 'findings', findingSubject(finding)])}>{findingText(finding)}</a>
      ),
      value: findingText,
    },
    {
      id: 'subject',
      head: t('column.subject'),
      cell: ({ subject }) => (subject === undefined ? '–' : <SubjectLink subject={subject} />),
      value: ({ subject }) => (subject === undefined ? null : subjectName(subject)),
    },
    {
      id: 'at',
      head: t('column.since'),
      number: true,
      cell: ({ at }) => moment(at),
      value: ({ at }) => at,
    },
    {
      id: 'holder',
      head: t('column.holder'),
      cell: ({ holder, owner }) => holderName(holder ?? owner),
      value: ({ holder, owner }) => holderName(holder ?? owner),
    },
    {
      id: 'place',
      head: t('common.place'),
      wide: true,
      cell: ({ place }) => <PlaceName code={place} />,
      value: ({ place }) => place,
    },
    {
      id: 'code',
      head: t('state.code'),
      wide: true,
      cell: ({ code }) => <code className="soft">{code}</code>,
      value: ({ code }) => code,
    },
  ];
}
