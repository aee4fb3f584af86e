import { accounts, type Duty, links } from '../api/types.ts';
import { useAsOf, useScope } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { useMoments } from '../language/moments.ts';
import { type Key, useSpeech } from '../language/translate.ts';
import { Choice } from '../parts/Choice.tsx';
import { type Column, DataTable } from '../parts/DataTable.tsx';
import { Mark, type MarkState } from '../parts/Mark.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { go, href, hrefHere, useRoute } from '../route.ts';
import { ExportButton } from './ExportButton.tsx';
import { ListHead } from './ListHead.tsx';
import { usePages } from './pages.ts';

const states = ['open', 'overdue', 'done'] as const;

/** Duties of an account or a link: who owes what by when, open, overdue or done. */
export function DutiesList() {
  const { t } = useSpeech();
  const { query } = useRoute();
  const account = query.get('account');
  const link = query.get('link');
  return (
    <>
      <ListHead title={t('list.duties')}>
        <DutyFilters />
      </ListHead>
      {account === 'test' || link === 'collect' ? (
        <p className="list-note soft">
          {t('list.sets')} <a href={href(['missing'])}>{t('coverage.who')}</a>
        </p>
      ) : null}
      <DutiesTable />
    </>
  );
}

/** The table of duties that the address asks for. */
export function DutiesTable() {
  const { t } = useSpeech();
  const { place } = useScope();
  const { query } = useRoute();
  const account = query.get('account');
  const link = query.get('link');
  const state = query.get('state') ?? 'open';
  const pages = usePages<Duty>('/duties', { account, link, state, place });
  const columns = useDutyColumns();
  return (
    <DataTable
      label={t('list.duties')}
      columns={columns}
      pages={pages}
      rowKey={(duty) => `${duty.subject ?? ''} ${duty.key ?? ''} ${duty.kind} ${duty.since}`}
      empty={t('list.duties-empty')}
      tools={<ExportButton name="duties" columns={columns} pages={pages} />}
    />
  );
}

/** Chooses among duties by state, account and link. */
export function DutyFilters() {
  const { t } = useSpeech();
  const { query } = useRoute();
  return (
    <>
      <Filter
        name="state"
        value={query.get('state') ?? 'open'}
        options={states}
        words={(id) => t(`duty-state.${id}`)}
      />
      <Filter
        name="account"
        value={query.get('account')}
        options={accounts}
        words={(id) => t(`account.${id}`)}
      />
      <Filter
        name="link"
        value={query.get('link')}
        options={links}
        words={(id) => t(`link.${id}`)}
      />
    </>
  );
}

interface FilterProps<Id extends string> {
  readonly name: 'state' | 'account' | 'link';
  readonly value: string | null;
  readonly options: readonly Id[];
  readonly words: (id: Id) => string;
}

function Filter<Id extends string>({ name, value, options, words }: FilterProps<Id>) {
  const { t } = useSpeech();
  const labels = {
    state: 'filter.state',
    account: 'filter.account',
    link: 'filter.link',
  } as const satisfies Record<string, Key>;
  const all = name === 'state' ? [] : [{ id: '', text: t('common.all') }];
  return (
    <Choice
      label={t(labels[name])}
      value={value ?? ''}
      options={[...all, ...options.map((id) => ({ id, text: words(id) }))]}
      onChange={(id) => go(hrefHere({ [name]: id }))}
    />
  );
}

/** The state of a duty at a moment, for its mark. */
export function dutyMark(duty: Pick<Duty, 'endedAt' | 'dueAt'>, now: number): MarkState {
  if (duty.endedAt !== null) return 'done';
  return duty.dueAt < now ? 'overdue' : 'waiting';
}

function useDutyColumns(): readonly Column<Duty>[] {
  const { t, term } = useSpeech();
  const { dutyName, holderName, subjectName } = useDomain();
  const moment = useMoments();
  const now = useAsOf();
  const ending = (duty: Duty) =>
    duty.ending === null ? '' : (term(`ending.${duty.ending}`) ?? duty.ending);
  return [
    {
      id: 'state',
      head: t('filter.state'),
      cell: (duty) => <Mark state={dutyMark(duty, now)} />,
      value: (duty) => t(`mark.${dutyMark(duty, now)}`),
    },
    {
      id: 'kind',
      head: t('column.duty'),
      cell: (duty) => dutyName(duty.kind),
      value: (duty) => dutyName(duty.kind),
    },
    {
      id: 'subject',
      head: t('column.subject'),
      cell: (duty) => <SubjectLink subject={subjectOf(duty)} />,
      value: (duty) => subjectName(subjectOf(duty)),
    },
    {
      id: 'holder',
      head: t('column.holder'),
      cell: (duty) => holderName(duty.owner),
      value: (duty) => holderName(duty.owner),
    },
    {
      id: 'since',
      head: t('column.since'),
      number: true,
      wide: true,
      cell: (duty) => moment(duty.since),
      value: (duty) => duty.since,
    },
    {
      id: 'due',
      head: t('column.due'),
      number: true,
      cell: (duty) => moment(duty.dueAt),
      value: (duty) => duty.dueAt,
    },
    {
      id: 'ended',
      head: t('column.ended'),
      number: true,
      wide: true,
      cell: (duty) => `${moment(duty.endedAt)} ${ending(duty)}`,
      value: (duty) => duty.endedAt,
    },
    {
      id: 'place',
      head: t('common.place'),
      wide: true,
      cell: (duty) => <PlaceName code={duty.place} />,
      value: (duty) => duty.place,
    },
  ];
}

function subjectOf({ subject, person }: Duty): string {
  return subject ?? (person === null ? '' : `person:${person}`);
}
