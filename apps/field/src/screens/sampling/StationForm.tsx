import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { poolSizes } from '../../../../../rooms/screening/index.ts';
import { useDevice } from '../../app/device.tsx';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Choices } from '../../parts/Choices.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { isReady, openRounds, samplingPoints, type Station } from './station.ts';

interface StationFormProps {
  readonly station: Station;
  readonly onStart: (station: Station) => void;
}

/** Round, point and pool size: asked once a shift. */
export function StationForm({ station, onStart }: StationFormProps): JSX.Element {
  const { t, label } = useSpeech();
  const { roster } = useDevice();
  const [own, setOwn] = useState(station);
  const rounds = openRounds(roster);
  const points = samplingPoints(roster);
  const start = (
    <button
      type="button"
      class="button primary"
      disabled={!isReady(own)}
      onClick={() => onStart(own)}
    >
      {t('station.start')}
    </button>
  );
  return (
    <Screen title={t('station.title')} back={hrefOf()} thumb={start}>
      {rounds.length === 0 ? (
        <Notice mark="unknown">{t('station.no-round')}</Notice>
      ) : (
        <Choices
          label={t('station.round')}
          name="round"
          choices={rounds.map((round) => ({ value: round.id, label: label(round.label) }))}
          chosen={own.round}
          onChoose={(id) => {
            const round = rounds.find((each) => each.id === id);
            setOwn({ ...own, round: id, poolSize: round?.poolSize ?? own.poolSize });
          }}
        />
      )}
      {points.length === 0 ? (
        <Notice mark="unknown">{t('station.no-point')}</Notice>
      ) : (
        <Choices
          label={t('station.point')}
          name="point"
          choices={points.map((point) => ({ value: point.id, label: label(point.label) }))}
          chosen={own.point}
          onChoose={(point) => setOwn({ ...own, point })}
        />
      )}
      <Choices
        row
        label={t('station.pool')}
        name="pool"
        choices={poolSizes.map((size) => ({
          value: String(size),
          label: size === 1 ? t('station.single') : t('station.pooled', { count: size }),
        }))}
        chosen={String(own.poolSize)}
        onChoose={(size) => setOwn({ ...own, poolSize: Number(size) })}
      />
    </Screen>
  );
}
