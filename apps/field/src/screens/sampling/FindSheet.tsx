import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useDevice } from '../../app/device.tsx';
import { useSpeech } from '../../language/translate.ts';
import { Field } from '../../parts/Field.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { PersonRow } from '../../parts/PersonRow.tsx';
import { Sheet } from '../../parts/Sheet.tsx';
import { Sign } from '../../parts/Sign.tsx';

/** More than a thumb scrolls through; a longer text narrows it down. */
const foundMax = 30;

interface FindProps {
  readonly round: string;
  /** Whether people are looked for; before a tube is open, only its label is asked. */
  readonly findsPeople: boolean;
  readonly onClose: () => void;
  readonly onText: (text: string) => void;
  readonly onPerson: (person: number) => void;
  readonly onWalkIn: (text: string) => void;
}

/** By hand what a scanner would have read, or by building and door. */
export function FindSheet(props: FindProps): JSX.Element {
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const title = props.findsPeople ? t('find.title') : t('tube.type-label');
  const typed = text.trim();
  return (
    <Sheet title={title} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== '') props.onText(typed);
        }}
      >
        <Field
          label={props.findsPeople ? t('find.search') : t('tube.label')}
          value={text}
          onValue={setText}
          capital
          autoFocus
        />
        {props.findsPeople ? null : (
          <button type="submit" class="button primary" disabled={typed === ''}>
            {t('tube.open')}
          </button>
        )}
      </form>
      {props.findsPeople ? <People {...props} text={typed} /> : null}
    </Sheet>
  );
}

function People(props: FindProps & { readonly text: string }): JSX.Element {
  const { t } = useSpeech();
  const { text } = props;
  return (
    <>
      <div class="sheet-list">{text === '' ? <ByBuilding {...props} /> : <Found {...props} />}</div>
      <button type="button" class="button" onClick={() => props.onWalkIn(text)}>
        <Sign name="plus" />
        {t('find.walk-in')}
      </button>
    </>
  );
}

function Found({ text, round, onPerson }: FindProps & { readonly text: string }): JSX.Element {
  const { roster } = useDevice();
  const { t } = useSpeech();
  const byCode = roster.findByCode(text);
  const found = byCode === null ? roster.search(text, foundMax) : [byCode];
  if (found.length === 0) return <Notice mark="unknown">{t('find.none')}</Notice>;
  return (
    <ul class="rows">
      {found.map((person) => (
        <PersonRow key={person} person={person} round={round} onPress={() => onPerson(person)} />
      ))}
    </ul>
  );
}

function ByBuilding({ round, onPerson }: FindProps): JSX.Element {
  const { roster } = useDevice();
  const { t, label, count } = useSpeech();
  const [building, setBuilding] = useState<string | null>(null);
  if (building === null) {
    return (
      <ul class="rows" aria-label={t('find.households')}>
        {roster.buildings().map(({ code, label: name }) => (
          <li key={code}>
            <button type="button" class="row" onClick={() => setBuilding(code)}>
              <span class="row-main" translate={false}>
                {label(name)}
              </span>
              <span class="row-side">
                {t('doors.open', { count: count(roster.progress(round, code).open) })}
              </span>
              <Sign name="next" />
            </button>
          </li>
        ))}
      </ul>
    );
  }
  const people = roster.households(building).flatMap(({ persons }) => [...persons]);
  return (
    <ul class="rows">
      {people.map((person) => (
        <PersonRow key={person} person={person} round={round} onPress={() => onPerson(person)} />
      ))}
    </ul>
  );
}
