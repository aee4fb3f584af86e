import { useState } from 'react';
import {
  Button,
  Dialog,
  DialogTrigger,
  Heading,
  Label,
  Popover,
  Radio,
  RadioGroup,
} from 'react-aria-components';
import { useScope } from '../board/overview.tsx';
import { useSpeech } from '../language/translate.ts';
import type { Names } from '../names.ts';
import { Failure } from './Failure.tsx';

const purposes = ['visit', 'phone', 'sample', 'correct'] as const;

interface Props {
  readonly names: Names;
  /** The people on this screen, by number. */
  readonly persons: readonly number[];
}

/** Shows names only after the reader has said why, and has been told that it is recorded. */
export function ShowNames({ names, persons }: Props) {
  const { t } = useSpeech();
  const known = names.byPerson;
  if (persons.length === 0 || (known !== null && persons.every((person) => known.has(person)))) {
    return null;
  }
  return (
    <DialogTrigger>
      <Button className="button">{t('names.show')}</Button>
      <Popover className="popover names-popover" placement="bottom end">
        <Dialog className="names-dialog">
          {({ close }) => <Asking names={names} persons={persons} close={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Asking({ names, persons, close }: Props & { close: () => void }) {
  const { t } = useSpeech();
  const { place } = useScope();
  const [purpose, setPurpose] = useState<string>(purposes[0]);
  return (
    <>
      <Heading slot="title">{t('names.title', { count: persons.length })}</Heading>
      <p>{t('names.logged')}</p>
      <RadioGroup className="field" value={purpose} onChange={setPurpose}>
        <Label>{t('names.why')}</Label>
        {purposes.map((each) => (
          <Radio key={each} value={each} className="radio">
            {t(`names.why-${each}`)}
          </Radio>
        ))}
      </RadioGroup>
      <Failure of={names.failure} />
      <div className="button-row">
        <Button
          className="button primary"
          isPending={names.busy}
          onPress={() => void names.read({ persons, place, reason: purpose }).then(close)}
        >
          {t('names.read')}
        </Button>
        <Button className="button quiet" onPress={close}>
          {t('common.cancel')}
        </Button>
      </div>
    </>
  );
}
