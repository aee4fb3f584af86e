import { links } from '../api/types.ts';
import { useSpeech } from '../language/translate.ts';
import { Notice } from '../parts/Notice.tsx';
import { BedsList } from './BedsList.tsx';
import { DutiesList } from './DutiesList.tsx';
import { FindingsList } from './FindingsList.tsx';
import { LinkList } from './LinkList.tsx';

interface Props {
  readonly list: string;
  readonly of: string | null;
}

/** The list behind a number of the board. */
export default function ListScreen({ list, of }: Props) {
  return (
    <main id="main" className="page" tabIndex={-1}>
      <List list={list} of={of} />
    </main>
  );
}

function List({ list, of }: Props) {
  const { t } = useSpeech();
  const link = links.find((each) => each === of);
  if (list === 'link' && link !== undefined) return <LinkList link={link} />;
  if (list === 'duties') return <DutiesList />;
  if (list === 'findings') return <FindingsList />;
  if (list === 'beds') return <BedsList />;
  return <Notice state="unknown">{t('state.not-found')}</Notice>;
}
