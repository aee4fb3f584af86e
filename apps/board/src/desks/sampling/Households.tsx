import { useState } from 'react';
import { Button } from 'react-aria-components';
import { queryText } from '../../api/client.ts';
import type { CoverageReply, MissingPerson } from '../../api/types.ts';
import { useSpeech } from '../../language/translate.ts';
import { useNames } from '../../names.ts';
import { Notice, Shown } from '../../parts/Notice.tsx';
import { PlaceName } from '../../parts/PlaceName.tsx';
import { ShowNames } from '../../parts/ShowNames.tsx';
import { useResource } from '../../resource.ts';
import { PlaceField } from '../fields/PlaceField.tsx';

interface Props {
  /** Where the tube is: the search begins there. */
  readonly near: string;
  readonly round: string;
  /** Who is in the tube already. */
  readonly taken: readonly number[];
  /** How many more the tube may hold. */
  readonly room: number;
  readonly onAdd: (persons: readonly number[]) => void;
}

const personsMax = 300;

/** The households of a place who still wait for their swab: one press adds a door. */
export function Households({ near, round, taken, room, onAdd }: Props) {
  const { t } = useSpeech();
  const [place, setPlace] = useState(near);
  const names = useNames();
  const query = queryText({ place, round, missing: true, limit: personsMax });
  const found = useResource<CoverageReply>(place.trim() === '' ? null : `/coverage${query}`);
  const open = (found.data?.missing ?? []).filter(({ person }) => !taken.includes(person));
  const doors = [...Map.groupBy(open, doorOf).values()];
  return (
    <section className="households" aria-label={t('sampling.households')}>
      <h3>{t('sampling.households')}</h3>
      <div className="households-tools">
        <PlaceField
          name="place"
          schema={{ type: 'string' }}
          required
          draft={place}
          onChange={(next) => setPlace(String(next))}
          path="/place"
          faults={[]}
        />
        <ShowNames names={names} persons={open.map(({ person }) => person)} />
      </div>
      <Shown of={found}>
        {() =>
          doors.length === 0 ? (
            <Notice state="done">{t('missing.none')}</Notice>
          ) : (
            <ul className="doors">
              {doors.map((people) => (
                <Door
                  key={doorOf(people[0])}
                  people={people}
                  room={room}
                  names={names}
                  onAdd={onAdd}
                />
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}

function doorOf(person: MissingPerson | undefined): string {
  return `${person?.place ?? ''} ${person?.household ?? person?.person ?? ''}`;
}

interface DoorProps {
  readonly people: readonly MissingPerson[];
  readonly room: number;
  readonly names: ReturnType<typeof useNames>;
  readonly onAdd: (persons: readonly number[]) => void;
}

function Door({ people, room, names, onAdd }: DoorProps) {
  const { t } = useSpeech();
  const [first] = people;
  const persons = people.map(({ person }) => person);
  const fits = persons.length <= room;
  return (
    <li>
      <span className="door-name">
        <PlaceName code={first?.place ?? null} /> {first?.room ?? first?.household}
      </span>
      <span className="door-people">
        {people.map(({ person }) => (
          <Button
            key={person}
            className="button"
            isDisabled={room < 1}
            onPress={() => onAdd([person])}
          >
            {names.byPerson?.get(person)?.name ?? person}
          </Button>
        ))}
      </span>
      <Button className="button" isDisabled={!fits} onPress={() => onAdd(persons)}>
        {t(fits ? 'sampling.add-door' : 'sampling.door-too-many', { count: persons.length })}
      </Button>
    </li>
  );
}
