import { useState } from 'react';

/** What stays the same from tube to tube at one sampling station. */
export interface Station {
  readonly point: string;
  /** Empty: as the round says. */
  readonly poolSize: string;
  readonly purpose: string;
}

const key = 'sextant.station';
const first: Station = { point: '', poolSize: '', purpose: 'round' };

function load(): Station {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Station>;
    return { ...first, ...kept };
  } catch {
    return first;
  }
}

/** The settings of this browser's station, kept from tube to tube and day to day. */
export function useStation(): [Station, (change: Partial<Station>) => void] {
  const [station, setStation] = useState(load);
  function change(part: Partial<Station>) {
    const next = { ...station, ...part };
    setStation(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Not kept for tomorrow; it holds for today.
    }
  }
  return [station, change];
}
