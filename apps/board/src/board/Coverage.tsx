import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { BoardReply, PlaceCoverage } from '../api/types.ts';
import { formatShare } from '../language/format.ts';
import { useSpeech } from '../language/translate.ts';
import { Choice } from '../parts/Choice.tsx';
import { Notice } from '../parts/Notice.tsx';
import { href } from '../route.ts';
import { ShareBar } from './AccountsTable.tsx';

type Order = 'open' | 'share' | 'code';
const orders: readonly Order[] = ['open', 'share', 'code'];

/** Rows shown before the reader asks for more: twelve towns fit, 567 communities do not. */
const rowsAtFirst = 14;
const rowsMore = 100;

/** Coverage of the round at this place and below it, with the way down to each household. */
export function Coverage({ board }: { board: BoardReply }) {
  const { t } = useSpeech();
  return (
    <section className="panel coverage" aria-labelledby="coverage-title">
      <h2 id="coverage-title">{t('coverage.title')}</h2>
      <CoverageBody board={board} />
    </section>
  );
}

function CoverageBody({ board }: { board: BoardReply }) {
  const { t, count } = useSpeech();
  const { coverage, round } = board;
  if (round === null) {
    return <Notice state="waiting">{t('coverage.none')}</Notice>;
  }
  if (coverage.roster === 0) return <Notice state="waiting">{t('coverage.no-roster')}</Notice>;
  const values = {
    roster: count(coverage.roster),
    sampled: count(coverage.sampled),
    excused: count(coverage.excused),
    open: count(coverage.open),
  };
  const missing = href(['missing'], {});
  return (
    <>
      <p className="finding-sentence">
        {t(coverage.open === 0 ? 'coverage.complete' : 'coverage.finding', values)}{' '}
        <a className="whole" href={missing}>
          {t('coverage.who')}
        </a>
      </p>
      {coverage.children.length === 0 ? (
        <p className="soft">{t('coverage.no-children')}</p>
      ) : (
        <PlaceTable places={coverage.children} key={board.place.code} />
      )}
    </>
  );
}

interface TableProps {
  readonly places: readonly PlaceCoverage[];
  /** Where a place's name leads: down the board, or down the list of who is missing. */
  readonly screen?: 'board' | 'missing';
}

/** The places below, with what is sampled, excused and open at each. */
export function PlaceTable({ places, screen = 'board' }: TableProps) {
  const { t } = useSpeech();
  const [order, setOrder] = useState<Order>('open');
  const [shown, setShown] = useState(rowsAtFirst);
  const sorted = sortPlaces(places, order);
  const more = Math.min(rowsMore, sorted.length - shown);
  return (
    <>
      <div className="panel-tool">
        <Choice
          label={t('coverage.sort')}
          hideLabel
          value={order}
          options={orders.map((id) => ({ id, text: t(`coverage.sort-${id}`) }))}
          onChange={(id) => setOrder(orders.find((each) => each === id) ?? 'open')}
        />
      </div>
      <table className="table place-table">
        <thead>
          <tr>
            <th scope="col">{t('coverage.place')}</th>
            <th scope="col">
              <span className="hidden">{t('coverage.title')}</span>
            </th>
            <th scope="col" className="number">
              {t('coverage.share')}
            </th>
            <th scope="col" className="number wide-only">
              {t('coverage.roster')}
            </th>
            <th scope="col" className="number">
              {t('coverage.open')}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map((place) => (
            <PlaceLine key={place.code} place={place} screen={screen} />
          ))}
        </tbody>
      </table>
      {more > 0 ? (
        <Button className="button quiet" onPress={() => setShown(shown + rowsMore)}>
          {t('coverage.more', { count: more })}
        </Button>
      ) : null}
    </>
  );
}

function PlaceLine({ place, screen }: { place: PlaceCoverage; screen: string }) {
  const { t, label, count } = useSpeech();
  const { roster, sampled, excused, open } = place;
  const below = href([screen], { place: place.code });
  const values = { sampled: count(sampled), excused: count(excused), open: count(open) };
  return (
    <tr>
      <th scope="row">
        <a href={below} translate="no">
          {label(place.label)}
        </a>
      </th>
      <td className="bar-cell" title={t('coverage.bar', values)}>
        <ShareBar
          whole={roster}
          parts={[
            { kind: 'done', value: sampled },
            { kind: 'excused', value: excused },
          ]}
        />
      </td>
      <td className="number">
        <a className="plain" href={below}>
          {formatShare(sampled + excused, roster)}
        </a>
      </td>
      <td className="number wide-only">
        <a className="soft" href={below}>
          {count(roster)}
        </a>
      </td>
      <td className="number">
        <a className={open === 0 ? 'soft' : ''} href={href(['missing'], { place: place.code })}>
          {count(open)}
        </a>
      </td>
    </tr>
  );
}

function sortPlaces(places: readonly PlaceCoverage[], order: Order): PlaceCoverage[] {
  const share = (place: PlaceCoverage) =>
    place.roster === 0 ? 1 : (place.sampled + place.excused) / place.roster;
  const by: Record<Order, (a: PlaceCoverage, b: PlaceCoverage) => number> = {
    open: (a, b) => b.open - a.open,
    share: (a, b) => share(a) - share(b),
    code: () => 0,
  };
  // Equal ones stand by code, so that rows do not jump while figures move.
  return [...places].sort((a, b) => by[order](a, b) || a.code.localeCompare(b.code));
}
