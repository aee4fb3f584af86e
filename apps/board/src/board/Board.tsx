import type { BoardReply } from '../api/types.ts';
import { useSpeech } from '../language/translate.ts';
import { Shown } from '../parts/Notice.tsx';
import { AccountsTable } from './AccountsTable.tsx';
import { Attention } from './Attention.tsx';
import { Beds } from './Beds.tsx';
import { Coverage } from './Coverage.tsx';
import { Lane } from './Lane.tsx';
import { useOverview } from './overview.tsx';

/** The board: the chain, the four accounts, coverage, and what needs attention. */
export function Board() {
  const { t, label } = useSpeech();
  const overview = useOverview();
  return (
    <main id="main" className="board" tabIndex={-1} aria-busy={overview.state === 'loading'}>
      <Shown of={overview}>
        {(board: BoardReply) => (
          <>
            <h1 className="hidden">{`${t('nav.board')} ${label(board.place.label)}`}</h1>
            <Lane figures={board.links} />
            <div className="board-middle">
              <div className="board-left">
                <AccountsTable figures={board.accounts} />
                <Beds beds={board.beds} />
              </div>
              <Coverage board={board} />
            </div>
            <Attention board={board} />
          </>
        )}
      </Shown>
    </main>
  );
}
