import type { JSX } from 'preact';
import { useSpeech } from '../../language/translate.ts';
import { PersonRow } from '../../parts/PersonRow.tsx';
import { Sheet } from '../../parts/Sheet.tsx';

interface MembersProps {
  readonly members: readonly number[];
  readonly round: string;
  readonly onClose: () => void;
  readonly onPerson: (person: number) => void;
}

/** Who is in the open tube, the latest on top: a tap undoes an entry. */
export function MembersSheet({ members, round, onClose, onPerson }: MembersProps): JSX.Element {
  const { t } = useSpeech();
  return (
    <Sheet title={t('tube.members')} onClose={onClose}>
      <p class="soft">{t('undo.choose')}</p>
      <ul class="rows">
        {[...members].reverse().map((person) => (
          <PersonRow key={person} person={person} round={round} onPress={() => onPerson(person)} />
        ))}
      </ul>
    </Sheet>
  );
}
