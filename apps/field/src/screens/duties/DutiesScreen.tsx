import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FieldDuty } from '../../../../../adapters/device/types.ts';
import { useDevice, useNow, useStatus } from '../../app/device.tsx';
import { useKept } from '../../app/kept.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Mark, Sign } from '../../parts/Sign.tsx';
import { nameOf } from '../sampling/table.ts';
import { DutySheet } from './DutySheet.tsx';
import { inOrder, isMine } from './order.ts';

/** What is owed here: the overdue first, the longest overdue on top. */
export function DutiesScreen(): JSX.Element {
  const { t } = useSpeech();
  const { roster } = useDevice();
  const status = useStatus();
  const now = useNow() - (status.clockAheadMs ?? 0);
  const [onlyMine, setOnlyMine] = useKept('only-mine', true);
  const [open, setOpen] = useState<FieldDuty | null>(null);
  const duties = inOrder(roster.duties.filter((duty) => !onlyMine || isMine(duty, status)));
  return (
    <Screen
      title={t('duties.title')}
      back={hrefOf()}
      thumb={
        <button type="button" class="button" onClick={() => setOnlyMine(!onlyMine)}>
          {onlyMine ? t('duties.all') : t('duties.mine')}
        </button>
      }
    >
      {duties.length === 0 ? <Notice mark="done">{t('duties.none')}</Notice> : null}
      <ul class="rows">
        {duties.map((duty) => (
          <DutyRow
            key={`${duty.subject}/${duty.key}`}
            duty={duty}
            now={now}
            onPress={() => setOpen(duty)}
          />
        ))}
      </ul>
      {open === null ? null : <DutySheet duty={open} onClose={() => setOpen(null)} />}
    </Screen>
  );
}

interface RowProps {
  readonly duty: FieldDuty;
  readonly now: number;
  readonly onPress: () => void;
}

function DutyRow({ duty, now, onPress }: RowProps): JSX.Element {
  const { t, term, moment, span } = useSpeech();
  const device = useDevice();
  const isOverdue = duty.dueAt < now;
  const about =
    duty.person === null
      ? duty.subject.slice(duty.subject.indexOf(':') + 1)
      : nameOf(device, duty.person);
  return (
    <li>
      <button type="button" class={`row row-tall${isOverdue ? ' overdue' : ''}`} onClick={onPress}>
        <Mark name={isOverdue ? 'overdue' : 'waiting'} />
        <span class="row-main">
          <b>{term(`duty.${duty.kind}`) ?? t('duty.other')}</b>
          <small translate={false}>{about}</small>
        </span>
        <span class="row-side">
          {isOverdue
            ? t('duties.overdue', { span: span(now - duty.dueAt) })
            : t('duties.due', { at: moment(duty.dueAt, now) })}
        </span>
        <Sign name="next" />
      </button>
    </li>
  );
}
