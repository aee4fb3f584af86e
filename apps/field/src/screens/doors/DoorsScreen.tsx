import type { JSX } from 'preact';
import type { FieldBuilding } from '../../../../../adapters/device/types.ts';
import { useDevice, useStatus } from '../../app/device.tsx';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Mark, Sign } from '../../parts/Sign.tsx';
import { useRound } from './round.ts';

/** My buildings: where somebody is still missing stands first. */
export function DoorsScreen(): JSX.Element {
  const { t } = useSpeech();
  const { roster } = useDevice();
  useStatus();
  const round = useRound(roster);
  const buildings = roster
    .buildings()
    .map((building) => ({ building, progress: roster.progress(round, building.code) }))
    .sort((a, b) => Number(b.progress.open > 0) - Number(a.progress.open > 0));
  return (
    <Screen title={t('doors.title')} back={hrefOf()}>
      {buildings.length === 0 ? <Notice mark="unknown">{t('doors.no-buildings')}</Notice> : null}
      <ul class="rows">
        {buildings.map(({ building, progress }) => (
          <Building key={building.code} building={building} {...progress} />
        ))}
      </ul>
    </Screen>
  );
}

interface BuildingProps {
  readonly building: FieldBuilding;
  readonly roster: number;
  readonly sampled: number;
  readonly excused: number;
  readonly open: number;
}

/** One building: who is accounted for as a bar, who is missing as a figure. */
function Building({ building, roster, sampled, excused, open }: BuildingProps): JSX.Element {
  const { t, label, count } = useSpeech();
  const share = (part: number): string => `${roster === 0 ? 0 : (100 * part) / roster}%`;
  return (
    <li>
      <a class="row row-tall" href={hrefOf('doors', building.code)}>
        <Mark name={open === 0 ? 'done' : sampled + excused > 0 ? 'moving' : 'waiting'} />
        <span class="row-main">
          <b translate={false}>{label(building.label)}</b>
          <span class="meter" aria-hidden="true">
            <span class="meter-sampled" style={{ width: share(sampled) }} />
            <span class="meter-excused" style={{ width: share(excused) }} />
          </span>
          <small>{t('home.sampling-done', { done: count(sampled), all: count(roster) })}</small>
        </span>
        <span class="row-side">
          {open === 0 ? t('doors.all-done') : t('doors.open', { count: open })}
        </span>
        <Sign name="next" />
      </a>
    </li>
  );
}
