import type { JSX } from 'preact';
import type { EntryStatus } from '../../../../adapters/device/types.ts';
import { useDevice } from '../app/device.tsx';
import { useSpeech } from '../language/translate.ts';
import { nameOf } from '../screens/sampling/table.ts';
import { Mark, type MarkName } from './Sign.tsx';

const marks: Record<EntryStatus['kind'], MarkName> = {
  open: 'waiting',
  sampled: 'done',
  excused: 'done',
  away: 'done',
  deferred: 'done',
  refused: 'overdue',
  'home-visit': 'moving',
};

interface PersonRowProps {
  readonly person: number;
  readonly round: string;
  readonly onPress: () => void;
}

/** Somebody in a list: shape and word of how they stand, masked name, room and year. */
export function PersonRow({ person, round, onPress }: PersonRowProps): JSX.Element {
  const device = useDevice();
  const { t } = useSpeech();
  const known = device.roster.person(person);
  const status = device.roster.statusOf(round, person);
  const word =
    status.kind === 'sampled' && status.here
      ? t('status.sampled-here')
      : t(`status.${status.kind}`);
  const born = known?.bornYear ?? null;
  return (
    <li>
      <button type="button" class="row" onClick={onPress}>
        <Mark name={marks[status.kind]} />
        <span class="row-main">
          <b translate={false}>{nameOf(device, person)}</b>
          <small>
            <span translate={false}>{known?.room ?? ''}</span>
            {born === null ? '' : ` · ${t('person.born', { year: String(born) })}`}
          </small>
        </span>
        <span class="row-side">{word}</span>
      </button>
    </li>
  );
}
