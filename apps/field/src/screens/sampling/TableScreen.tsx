import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useDevice, useStatus } from '../../app/device.tsx';
import { useKept } from '../../app/kept.ts';
import { useLatest } from '../../app/latest.ts';
import { hrefOf } from '../../app/route.ts';
import { useSpeech } from '../../language/translate.ts';
import { Screen } from '../../parts/Screen.tsx';
import { Voice } from '../../parts/Voice.tsx';
import { listenToWedge } from '../../scan/wedge.ts';
import { askNext } from './ask-next.ts';
import { CameraView } from './CameraView.tsx';
import { membersOf, Rack } from './Rack.tsx';
import type { Station } from './station.ts';
import { type Offer, useSamplingTable } from './table.ts';
import { type OpenSheet, TableSheet } from './TableSheet.tsx';
import { TableThumb } from './TableThumb.tsx';

interface TableProps {
  readonly station: Station;
  readonly onStation: () => void;
}

/** The table itself: what was heard, the tube, and what the thumb can do. */
export function TableScreen({ station, onStation }: TableProps): JSX.Element {
  const speech = useSpeech();
  const table = useSamplingTable(station);
  const [sheet, setSheet] = useState<OpenSheet | null>(null);
  const [camera, setCamera] = useKept('camera', false);
  const { tube, heard, isOpen, scan } = table;
  const hear = useLatest(scan);
  useEffect(() => {
    if (sheet !== null) return undefined;
    return listenToWedge(document, (text) => void hear.current(text));
  }, [sheet, hear]);
  const members = membersOf(tube);
  const size = tube?.opened?.poolSize ?? station.poolSize;
  const isFull = isOpen && members.length >= size;
  const said = heard.said ?? askNext({ isOpen, isFull }, speech);
  const sign = isOpen ? 'person' : 'tube';
  const accept = (offer: Offer): void => {
    if (offer.kind === 'walk-in') setSheet({ kind: 'walk-in', text: offer.text });
    else void table.accept(offer);
  };
  const thumb = (
    <TableThumb
      isOpen={isOpen}
      isFull={isFull}
      taken={members.length}
      camera={camera}
      onCamera={() => setCamera(!camera)}
      onSeal={() => void table.seal()}
      onSheet={setSheet}
    />
  );
  const title = speech.t('work.sampling');
  return (
    <Screen title={title} hideTitle back={hrefOf()} thumb={thumb}>
      <StationLine station={station} onStation={onStation} />
      <Voice
        said={said}
        turn={heard.turn}
        {...(said.tone === 'ask' ? { sign } : {})}
        figure={<Figure taken={members.length} size={size} />}
      >
        {heard.offer === null ? null : <OfferButton offer={heard.offer} onAccept={accept} />}
      </Voice>
      {camera ? (
        <>
          <CameraView paused={sheet !== null} onCode={(text) => void scan(text)} />
          <Strip taken={members.length} size={size} />
        </>
      ) : (
        <Rack
          tube={tube}
          poolSize={station.poolSize}
          lastPerson={heard.lastPerson}
          onOpen={() => setSheet({ kind: 'members' })}
        />
      )}
      {sheet === null ? null : (
        <TableSheet sheet={sheet} onSheet={setSheet} table={table} station={station} />
      )}
    </Screen>
  );
}

function Figure({ taken, size }: { taken: number; size: number }): JSX.Element {
  return (
    <>
      <b>{taken}</b>
      <small>/ {size}</small>
    </>
  );
}

interface OfferProps {
  readonly offer: Offer;
  readonly onAccept: (offer: Offer) => void;
}

/** What can be recorded all the same, because it has happened. */
function OfferButton({ offer, onAccept }: OfferProps): JSX.Element {
  const { t } = useSpeech();
  const keys = { 'walk-in': 'find.walk-in', join: 'scan.join', anyway: 'scan.anyway' } as const;
  return (
    <button type="button" class="button voice-offer" onClick={() => onAccept(offer)}>
      {t(keys[offer.kind])}
    </button>
  );
}

/** The tube in one line, while the camera has the room. */
function Strip({ taken, size }: { taken: number; size: number }): JSX.Element {
  return (
    <div class="strip" aria-hidden="true">
      {Array.from({ length: size }, (_, index) => (
        <span key={index} class={index < taken ? 'strip-taken' : ''} />
      ))}
    </div>
  );
}

/** Round and point, in one line; a tap changes them. */
function StationLine({ station, onStation }: TableProps): JSX.Element {
  const { roster } = useDevice();
  const { t, label, count } = useSpeech();
  useStatus();
  const round = roster.rounds.find(({ id }) => id === station.round);
  const point = roster.points.find(({ id }) => id === station.point);
  const { roster: all, sampled } = roster.progress(station.round);
  return (
    <button type="button" class="station-line" aria-label={t('station.title')} onClick={onStation}>
      <span class="station-names" translate={false}>
        {round === undefined ? '' : label(round.label)} ·{' '}
        {point === undefined ? '' : label(point.label)}
      </span>
      <span class="station-done">
        {count(sampled)} / {count(all)}
      </span>
    </button>
  );
}
