import type { BoardReply } from '../api/types.ts';
import { useSpeech } from '../language/translate.ts';
import { Notice, Shown } from '../parts/Notice.tsx';
import { href } from '../route.ts';
import { AccountsTable } from './AccountsTable.tsx';
import { Attention } from './Attention.tsx';
import { Beds } from './Beds.tsx';
import { Coverage } from './Coverage.tsx';
import { Lane } from './Lane.tsx';
import { useIsBare, useOverview } from './overview.tsx';

/** The board: the chain, the four accounts, coverage, and what needs attention. */
export function Board() {
  const overview = useOverview();
  const isBare = useIsBare();
  return (
    <main id="main" className="board" tabIndex={-1} aria-busy={overview.state === 'loading'}>
      {isBare ? (
        <FirstSteps />
      ) : (
        <Shown of={overview}>{(board) => <Figures board={board} />}</Shown>
      )}
    </main>
  );
}

function Figures({ board }: { board: BoardReply }) {
  const { t, label } = useSpeech();
  return (
    <>
      <h1 className="hidden">{`${t('nav.board')} ${label(board.place.label)}`}</h1>
      <Lane figures={board.links} roundOpen={board.coverage.open} />
      <div className="board-middle">
        <div className="board-left">
          <AccountsTable figures={board.accounts} roundOpen={board.coverage.open} />
          <Beds beds={board.beds} />
        </div>
        <Coverage board={board} />
      </div>
      <Attention board={board} />
    </>
  );
}

const steps = [
  { desk: 'persons', words: 'first.roster' },
  { desk: 'accounts', words: 'first.accounts' },
  { desk: 'places', words: 'first.points' },
  { desk: 'rounds', words: 'first.round' },
] as const;

/** What stands here before anything is on record: the first steps, in order, each with its desk. */
function FirstSteps() {
  const { t } = useSpeech();
  return (
    <div className="first-steps">
      <h1>{t('first.title')}</h1>
      <Notice state="waiting">{t('first.about')}</Notice>
      <ol>
        {steps.map(({ desk, words }) => (
          <li key={desk}>
            <a href={href(['desk', desk])}>{t(words)}</a>
          </li>
        ))}
      </ol>
    </div>
  );
}
