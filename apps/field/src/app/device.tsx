import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { assert } from '../../../../kernel/assert.ts';
import type { Device, DeviceStatus } from '../../../../adapters/device/types.ts';

/** The device that the screens work on. */
export const DeviceContext = createContext<Device | null>(null);

/** The phone's own copy of the record. */
export function useDevice(): Device {
  const device = useContext(DeviceContext);
  assert(device !== null, 'a screen stands below the provider of its device');
  return device;
}

/** How things stand on the device; whoever uses it is drawn again when that changes. */
export function useStatus(): DeviceStatus {
  const device = useDevice();
  const [status, setStatus] = useState(() => device.status());
  useEffect(() => {
    setStatus(device.status());
    return device.subscribe(() => setStatus(device.status()));
  }, [device]);
  return status;
}

/** Some of how things stand; whoever uses it is drawn again only when one of these changes. */
export function useStatusOf<K extends keyof DeviceStatus>(...keys: K[]): Pick<DeviceStatus, K> {
  const device = useDevice();
  const [status, setStatus] = useState(() => device.status());
  const names = keys.join(' ');
  useEffect(() => {
    const wanted = names.split(' ') as K[]; // joined above
    const look = (): void => {
      const now = device.status();
      setStatus((before) =>
        wanted.every((key) => Object.is(now[key], before[key])) ? before : now,
      );
    };
    look();
    return device.subscribe(look);
  }, [device, names]);
  return status;
}

/** The folded state of a subject, read again whenever the device changes; null until it is read. */
export function useSubject<S>(subject: string | null): S | null {
  const device = useDevice();
  const [state, setState] = useState<{ readonly subject: string; readonly value: S } | null>(null);
  useEffect(() => {
    let current = true;
    const look = (): void => {
      if (subject === null) return;
      void device
        .state<S>(subject)
        .then((value) => current && setState({ subject, value }))
        .catch(() => undefined);
    };
    look();
    const stop = device.subscribe(look);
    return () => {
      current = false;
      stop();
    };
  }, [device, subject]);
  return state !== null && state.subject === subject ? state.value : null;
}

/** A moment that moves on by itself, for ages and times. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
