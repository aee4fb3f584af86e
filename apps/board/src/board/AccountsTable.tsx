import { type Account, type AccountFigures, accounts } from '../api/types.ts';
import { formatShare } from '../language/format.ts';
import { useSpeech } from '../language/translate.ts';
import { Mark } from '../parts/Mark.tsx';
import { href } from '../route.ts';

interface Props {
  readonly figures: Readonly<Record<Account, AccountFigures>>;
  /** People still open in the round: they are kept as a set, and their list is another. */
  readonly roundOpen: number;
}

/** The four accounts 四应四尽: who should, who has been, who has not, and whose time is past. */
export function AccountsTable({ figures, roundOpen }: Props) {
  const { t } = useSpeech();
  const nothing = accounts.every((account) => figures[account].due === 0);
  return (
    <section className="panel accounts" aria-labelledby="accounts-title">
      <h2 id="accounts-title">{t('accounts.title')}</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('accounts.account')}</th>
            <th scope="col" className="number">
              {t('accounts.due')}
            </th>
            <th scope="col" className="number">
              {t('accounts.share')}
            </th>
            <th scope="col" className="number">
              {t('accounts.open')}
            </th>
            <th scope="col" className="number">
              {t('accounts.overdue')}
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <AccountLine
              key={account}
              account={account}
              figures={figures[account]}
              inRound={account === 'test' && roundOpen > 0}
            />
          ))}
        </tbody>
      </table>
      {nothing ? <p className="soft small">{t('accounts.empty')}</p> : null}
    </section>
  );
}

interface LineProps {
  readonly account: Account;
  readonly figures: AccountFigures;
  readonly inRound: boolean;
}

function AccountLine({ account, figures, inRound }: LineProps) {
  const { t, count } = useSpeech();
  const list = (state: string) => href(['list', 'duties'], { account, state });
  const openList = inRound ? href(['missing']) : list('open');
  const { due, done, open, overdue } = figures;
  return (
    <tr>
      <th scope="row">{t(`account.${account}`)}</th>
      <td className="number">
        <a href={openList}>{count(due)}</a>
      </td>
      <td className="number share-cell">
        <a href={list('done')} title={`${count(done)} / ${count(due)}`}>
          {formatShare(done, due)}
        </a>
        <ShareBar parts={[{ kind: 'done', value: done }]} whole={due} />
      </td>
      <td className="number">
        <a href={openList}>{count(open)}</a>
      </td>
      <td className="number">
        {overdue === 0 ? (
          <a className="soft" href={list('overdue')}>
            0
          </a>
        ) : (
          <a className="alarm" href={list('overdue')}>
            <Mark state="overdue" word={false} />
            {count(overdue)}
          </a>
        )}
      </td>
    </tr>
  );
}

interface BarProps {
  readonly parts: readonly { readonly kind: 'done' | 'excused'; readonly value: number }[];
  readonly whole: number;
}

/** A thin bar of shares of a whole; the figures beside it say the same in digits. */
export function ShareBar({ parts, whole }: BarProps) {
  const widths = parts.map(({ value }) => (whole <= 0 ? 0 : (100 * value) / whole));
  const starts = widths.map((_, index) =>
    widths.slice(0, index).reduce((sum, each) => sum + each, 0),
  );
  return (
    <svg className="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="share-back" width="100" height="8" />
      {parts.map(({ kind }, index) => (
        <rect
          key={kind}
          className={`share-${kind}`}
          x={starts[index]}
          width={widths[index]}
          height="8"
        />
      ))}
    </svg>
  );
}
