import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useDevice, useStatusOf } from '../../app/device.tsx';
import { useKept } from '../../app/kept.ts';
import { StationForm } from './StationForm.tsx';
import { isReady, useStation } from './station.ts';
import { TableScreen } from './TableScreen.tsx';

/** Sampling: the station first, then tube after tube. */
export function SamplingScreen(): JSX.Element {
  const device = useDevice();
  // Rounds and points are those of the place as it was last told.
  useStatusOf('place', 'asOf');
  const [station, setStation] = useStation(device.roster);
  const [confirmed, setConfirmed] = useKept('station-confirmed', '');
  const key = `${station.round} ${station.point} ${station.poolSize}`;
  const [settingUp, setSettingUp] = useState(false);
  const isSet = isReady(station) && confirmed === key;
  if (settingUp || !isSet) {
    return (
      <StationForm
        station={station}
        onStart={(next) => {
          setStation(next);
          setConfirmed(`${next.round} ${next.point} ${next.poolSize}`);
          setSettingUp(false);
        }}
      />
    );
  }
  return <TableScreen station={station} onStation={() => setSettingUp(true)} />;
}
