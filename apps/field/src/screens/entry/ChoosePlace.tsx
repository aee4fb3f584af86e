import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { LoadProgress } from '../../../../../adapters/device/types.ts';
import { useDevice, useStatus } from '../../app/device.tsx';
import { go, hrefOf, readRoute } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { sayFailure } from '../../parts/failure.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Sign } from '../../parts/Sign.tsx';
import { type ChoosablePlace, ownPlaces, placesBelow } from './places.ts';

type Listed = readonly ChoosablePlace[] | 'asking' | 'offline';

/** Where somebody works today: the phone loads what belongs to that place. */
export function ChoosePlace(): JSX.Element {
  const speech = useSpeech();
  const { t, label } = speech;
  const device = useDevice();
  const { place: present, roles } = useStatus();
  const [path, setPath] = useState<readonly ChoosablePlace[]>([]);
  const [listed, setListed] = useState<Listed>('asking');
  const [progress, setProgress] = useState<LoadProgress | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const inside = path.at(-1) ?? null;
  const own = [...new Set(roles.map(({ place }) => place))].join(' ');
  useEffect(() => {
    let current = true;
    setListed('asking');
    const codes = own.split(' ').filter((code) => code !== '' && code !== '*');
    const asked = inside === null ? ownPlaces(device, codes) : placesBelow(device, inside.code);
    asked
      .then((places) => current && setListed(places))
      .catch(() => current && setListed('offline'));
    return () => {
      current = false;
    };
  }, [device, inside, own]);
  const load = async (code: string): Promise<void> => {
    setFailure(null);
    setProgress({ receivedBytes: 0, totalBytes: null, step: 'asking' });
    try {
      await device.loadPackage(code, setProgress);
      // Somebody may have gone on already: the first screen stands as soon as the place is kept.
      if (readRoute(location.hash)[0] === 'place') go(hrefOf(), { instead: true });
    } catch (error) {
      setFailure(sayFailure(error, speech));
    } finally {
      setProgress(null);
    }
  };
  if (progress !== null) return <Loading progress={progress} />;
  return (
    <Screen
      title={inside === null ? t('place.title') : label(inside.label)}
      back={present === null ? null : hrefOf()}
      thumb={
        inside === null ? undefined : (
          <>
            <button type="button" class="button" onClick={() => setPath(path.slice(0, -1))}>
              {t('place.up')}
            </button>
            <button type="button" class="button primary" onClick={() => void load(inside.code)}>
              {t('place.load')}
            </button>
          </>
        )
      }
    >
      <p class="soft">{t('place.hint')}</p>
      {failure === null ? null : (
        <Notice mark="unknown" alert>
          {failure}
        </Notice>
      )}
      <PlaceList listed={listed} onPlace={(place) => setPath([...path, place])} />
    </Screen>
  );
}

interface ListProps {
  readonly listed: Listed;
  readonly onPlace: (place: ChoosablePlace) => void;
}

function PlaceList({ listed: places, onPlace }: ListProps): JSX.Element {
  const { t, label } = useSpeech();
  if (places === 'asking') return <Notice mark="waiting">{t('state.loading')}</Notice>;
  if (places === 'offline') {
    return (
      <Notice mark="unknown" alert>
        {t('state.offline')}
      </Notice>
    );
  }
  if (places.length === 0) return <Notice mark="done">{t('place.none')}</Notice>;
  return (
    <ul class="rows" aria-label={t('place.inside')}>
      {places.map((place) => (
        <li key={place.code}>
          <button type="button" class="row row-tall" onClick={() => onPlace(place)}>
            <span class="row-main" translate={false}>
              <b>{label(place.label)}</b>
              <small>{place.code}</small>
            </span>
            <Sign name="next" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** How much has come, and of how much when the server says. */
function Loading({ progress }: { progress: LoadProgress }): JSX.Element {
  const { t, count } = useSpeech();
  const { receivedBytes, totalBytes, step } = progress;
  const kilobytes = t('place.kilobytes', { count: count(Math.round(receivedBytes / 1000)) });
  return (
    <Screen title={t(`place.${step}`)} back={null}>
      <progress
        class="progress"
        aria-label={t(`place.${step}`)}
        {...(totalBytes === null ? {} : { value: receivedBytes, max: totalBytes })}
      />
      <p class="figure">{kilobytes}</p>
      <p class="soft">{t('place.hint')}</p>
    </Screen>
  );
}
