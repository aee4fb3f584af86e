import type { JSX } from 'preact';
import type { TubeState } from '../../../../../rooms/screening/index.ts';
import { useDevice } from '../../app/device.tsx';
import { useSpeech } from '../../language/translate.ts';
import { nameOf, whereOf } from './table.ts';

interface RackProps {
  /** The tube in hand; null before the first scan. */
  readonly tube: TubeState | null;
  readonly poolSize: number;
  readonly lastPerson: number | null;
  readonly onOpen: () => void;
}

/** The tube, drawn standing: it fills from below, one person after the other. One large target. */
export function Rack({ tube, poolSize, lastPerson, onOpen }: RackProps): JSX.Element {
  const { t } = useSpeech();
  const size = tube?.opened?.poolSize ?? poolSize;
  const members = membersOf(tube);
  const stage = tube?.stage ?? 'unknown';
  const seats = Math.max(size, members.length, 1);
  const wide = seats > 10;
  const levels = wide ? Math.ceil(seats / 2) : seats;
  const inside = (
    <>
      <span class="rack-cap" translate={false}>
        {tube === null ? <span class="rack-none">{t('tube.label')}</span> : tube.tube}
      </span>
      <ol class="rack-seats">
        {Array.from({ length: seats }, (_, index) => (
          <Seat
            key={index}
            seat={index + 1}
            person={members[index] ?? null}
            isLast={members[index] !== undefined && members[index] === lastPerson}
            isSurface={index === members.length - 1}
            isNext={stage === 'open' && index === members.length}
          />
        ))}
      </ol>
    </>
  );
  const look = {
    class: `rack rack-${stage}${wide ? ' rack-wide' : ''}`,
    style: { '--seats': levels },
    'data-taken': members.length,
  };
  if (stage !== 'open' || members.length === 0) return <section {...look}>{inside}</section>;
  return (
    <section {...look}>
      <button type="button" class="rack-tap" aria-label={t('tube.members')} onClick={onOpen} />
      {inside}
    </section>
  );
}

/** Who is in the tube, in the order of adding while that is known. */
export function membersOf(tube: TubeState | null): readonly number[] {
  if (tube === null) return [];
  const [seal] = tube.seals;
  return seal === undefined ? tube.added : seal.members;
}

interface SeatProps {
  readonly seat: number;
  readonly person: number | null;
  readonly isLast: boolean;
  readonly isSurface: boolean;
  readonly isNext: boolean;
}

function Seat({ seat, person, isLast, isSurface, isNext }: SeatProps): JSX.Element {
  const { t } = useSpeech();
  const device = useDevice();
  const state = person === null ? (isNext ? 'next' : 'free') : isLast ? 'last' : 'taken';
  return (
    <li
      class={`seat seat-${state}${isSurface ? ' seat-surface' : ''}`}
      {...(person === null ? {} : { 'data-person': person })}
    >
      <span class="seat-number">{seat}</span>
      {person === null ? (
        <span class="seat-who seat-empty">{isNext ? t('tube.seat', { seat }) : ''}</span>
      ) : (
        <span class="seat-who" translate={false}>
          <b>{nameOf(device, person)}</b>
          <small>{whereOf(device, person)}</small>
        </span>
      )}
    </li>
  );
}
