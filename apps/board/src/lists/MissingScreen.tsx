import type { CoverageReply, MissingPerson, Page } from '../api/types.ts';
import { useOverview, useScope } from '../board/overview.tsx';
import { PlaceTable } from '../board/Coverage.tsx';
import { useDomain } from '../language/domain.ts';
import { useSpeech } from '../language/translate.ts';
import { type Names, useNames } from '../names.ts';
import { type Column, DataTable } from '../parts/DataTable.tsx';
import { Notice } from '../parts/Notice.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { ShowNames } from '../parts/ShowNames.tsx';
import { SubjectLink } from '../parts/SubjectLink.tsx';
import { href } from '../route.ts';
import { ExportButton } from './ExportButton.tsx';
import { ListHead } from './ListHead.tsx';
import { type Pages, usePages } from './pages.ts';

/** Who is missing in this round at this place, why, and who holds it; with the way further down. */
export default function MissingScreen() {
  const { t, label } = useSpeech();
  const { place, round } = useScope();
  const { data: board } = useOverview();
  const names = useNames();
  const pages = useMissing(place, round);
  const columns = useMissingColumns(names, round);
  const rows = pages.resource.data?.rows ?? [];
  const title = t('missing.title', { place: label(board?.place.label) });
  if (board !== null && board.round === null) {
    return (
      <main id="main" className="page" tabIndex={-1}>
        <Notice state="waiting">{t('coverage.none')}</Notice>
      </main>
    );
  }
  const children = board?.coverage.children.filter(({ open }) => open > 0) ?? [];
  return (
    <main id="main" className="page missing" tabIndex={-1}>
      <ListHead title={title}>
        <ShowNames names={names} persons={rows.map(({ person }) => person)} />
      </ListHead>
      <div className="missing-columns">
        {children.length === 0 || board === null ? null : (
          <aside aria-label={t('coverage.title')}>
            <PlaceTable places={children} screen="missing" key={board.place.code} />
          </aside>
        )}
        <div>
          <p className="list-note soft">
            {t('missing.others')}{' '}
            <a href={href(['list', 'duties'], { account: 'test', state: 'open' })}>
              {t('missing.to-duties')}
            </a>
          </p>
          <DataTable
            label={title}
            columns={columns}
            pages={pages}
            rowKey={(row) => String(row.person)}
            empty={t('missing.none')}
            tools={<ExportButton name={`missing-${place ?? ''}`} columns={columns} pages={pages} />}
          />
        </div>
      </div>
    </main>
  );
}

/** The missing of a place as pages: the coverage reply names its rows differently. */
function useMissing(place: string | null, round: string | null): Pages<MissingPerson> {
  const pages = usePages<MissingPerson, CoverageReply>(
    '/coverage',
    { place, round, missing: true },
    (reply): Page<MissingPerson> => ({ rows: reply.missing ?? [], next: reply.next ?? null }),
  );
  return pages;
}

function useMissingColumns(names: Names, round: string | null): readonly Column<MissingPerson>[] {
  const { t } = useSpeech();
  const { holderName, valueName } = useDomain();
  const why = ({ disposition, reason }: MissingPerson) => {
    if (disposition === null) return t('missing.no-reason');
    const word = valueName('disposition', disposition);
    return reason === null ? word : `${word}: ${reason}`;
  };
  const named: readonly Column<MissingPerson>[] = [
    {
      id: 'name',
      head: t('column.name'),
      cell: ({ person }) => names.byPerson?.get(person)?.name ?? '–',
      value: ({ person }) => names.byPerson?.get(person)?.name ?? null,
      // A file with names would leave the record of who read them behind.
      screenOnly: true,
    },
  ];
  return [
    {
      id: 'person',
      head: t('column.person'),
      cell: ({ person }) => <SubjectLink subject={`person:${person}`} short />,
      value: ({ person }) => person,
    },
    ...(names.byPerson === null ? [] : named),
    {
      id: 'place',
      head: t('common.place'),
      cell: ({ place }) => <PlaceName code={place} />,
      value: ({ place }) => place,
    },
    {
      id: 'household',
      head: t('column.household'),
      cell: ({ room, household }) => room ?? String(household ?? '–'),
      value: ({ room, household }) => room ?? household,
    },
    { id: 'why', head: t('column.reason'), cell: why, value: why },
    {
      id: 'holder',
      head: t('column.holder'),
      wide: true,
      cell: ({ holder }) => holderName(holder),
      value: ({ holder }) => holderName(holder),
    },
    {
      id: 'act',
      head: t('column.next'),
      wide: true,
      screenOnly: true,
      cell: ({ person }) => (
        <a href={href(['desk', 'sampling'], { act: 'screening.dispose-person', person, round })}>
          {t('missing.act')}
        </a>
      ),
      value: () => null,
    },
  ];
}
