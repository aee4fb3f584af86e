import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FieldHousehold } from '../../../../../adapters/device/types.ts';
import { useDevice, useStatus } from '../../app/device.tsx';
import { useKept } from '../../app/kept.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Notice } from '../../parts/Notice.tsx';
import { PersonRow } from '../../parts/PersonRow.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { EntrySheet } from './EntrySheet.tsx';
import { useRound } from './round.ts';

/** One building, door by door: who is missing, and why somebody was not sampled. */
export function BuildingScreen({ building }: { building: string }): JSX.Element {
  const { t, label } = useSpeech();
  const { roster } = useDevice();
  useStatus();
  const round = useRound(roster);
  const [onlyOpen, setOnlyOpen] = useKept('only-open', true);
  const [person, setPerson] = useState<number | null>(null);
  const known = roster.buildings().find(({ code }) => code === building);
  const owed = (one: number): boolean => {
    const { kind } = roster.statusOf(round, one);
    return kind === 'open' || kind === 'refused' || kind === 'home-visit';
  };
  const households = roster
    .households(building)
    .map((household) => ({
      ...household,
      persons: household.persons.filter((one) => !onlyOpen || owed(one)),
    }))
    .filter(({ persons }) => persons.length > 0);
  const everybody = roster.households(building).some(({ persons }) => persons.length > 0);
  return (
    <Screen
      title={known === undefined ? t('doors.title') : label(known.label)}
      back={hrefOf('doors')}
      thumb={
        <button type="button" class="button" onClick={() => setOnlyOpen(!onlyOpen)}>
          {onlyOpen ? t('doors.everybody') : t('doors.only-open')}
        </button>
      }
    >
      {households.length === 0 ? (
        <Notice mark={everybody ? 'done' : 'unknown'}>
          {everybody ? t('doors.all-done') : t('doors.nobody')}
        </Notice>
      ) : null}
      {households.map((household) => (
        <Household key={household.id} household={household} round={round} onPerson={setPerson} />
      ))}
      {person === null ? null : (
        <EntrySheet person={person} round={round} onClose={() => setPerson(null)} />
      )}
    </Screen>
  );
}

interface HouseholdProps {
  readonly household: FieldHousehold;
  readonly round: string;
  readonly onPerson: (person: number) => void;
}

function Household({ household, round, onPerson }: HouseholdProps): JSX.Element {
  const { t } = useSpeech();
  return (
    <section class="household">
      <h2 translate={false}>{household.label === '' ? t('doors.no-room') : household.label}</h2>
      <ul class="rows">
        {household.persons.map((person) => (
          <PersonRow key={person} person={person} round={round} onPress={() => onPerson(person)} />
        ))}
      </ul>
    </section>
  );
}
