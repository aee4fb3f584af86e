import { useState } from 'react';
import { Button } from 'react-aria-components';
import { queryText, request } from '../api/client.ts';
import { useRefusal } from '../language/refusal.ts';
import { useSpeech } from '../language/translate.ts';
import { Shown } from '../parts/Notice.tsx';
import { useResource } from '../resource.ts';
import { go, hrefHere, useRoute } from '../route.ts';
import { ClearanceCalendar } from './ClearanceCalendar.tsx';
import { ClusterMap } from './ClusterMap.tsx';
import { FanChart } from './FanChart.tsx';
import { FoundChart } from './FoundChart.tsx';
import { PositivityChart } from './PositivityChart.tsx';
import { ReproductionChart } from './ReproductionChart.tsx';
import { TriangleChart } from './TriangleChart.tsx';
import type { TrendReply } from './types.ts';
import { useDays } from './use-days.ts';
import { HandOverChart, TimelinessChart } from './WorkCharts.tsx';

/** The trend changes with cases, not with tubes: so often is enough. */
const liveEveryMs = 30_000;

/** The trend of the chosen place: where the epidemic goes and when the community is clear. */
export default function EpidemicScreen() {
  const { query } = useRoute();
  const place = query.get('place');
  const until = query.get('until');
  const trend = useResource<TrendReply>(`/trend${queryText({ place, until })}`, {
    ...(until === null ? { liveEveryMs } : {}),
    keep: true,
  });
  return (
    <main
      id="main"
      className="trend"
      tabIndex={-1}
      aria-busy={trend.state === 'loading' && trend.data === null}
    >
      <Shown of={trend}>{(data) => <Charts trend={data} />}</Shown>
    </main>
  );
}

function Charts({ trend }: { trend: TrendReply }) {
  return (
    <>
      <Head trend={trend} />
      <div className="charts">
        <FanChart trend={trend} />
        <ReproductionChart trend={trend} />
        <FoundChart trend={trend} />
        <ClearanceCalendar trend={trend} />
        <ClusterMap trend={trend} />
        <TriangleChart trend={trend} />
        <HandOverChart trend={trend} />
        <TimelinessChart trend={trend} />
        <PositivityChart trend={trend} />
      </div>
    </>
  );
}

function Head({ trend }: { trend: TrendReply }) {
  const { t, label } = useSpeech();
  const { query } = useRoute();
  const { day } = useDays();
  const asked = query.get('until');
  const move = (days: number): void => {
    const at = new Date(`${trend.until}T00:00:00Z`);
    at.setUTCDate(at.getUTCDate() + days);
    go(hrefHere({ until: at.toISOString().slice(0, 10) }));
  };
  const name = label(trend.place.label) || trend.place.code;
  return (
    <header className="trend-head">
      <h1 translate="no">{t('trend.title', { place: name })}</h1>
      <div className="trend-tools">
        <Button className="button quiet" aria-label={t('trend.earlier')} onPress={() => move(-1)}>
          ‹
        </Button>
        <span className="trend-day">
          {asked === null ? t('trend.until-today') : t('trend.as-known', { day: day(trend.until) })}
        </span>
        <Button
          className="button quiet"
          aria-label={t('trend.later')}
          isDisabled={asked === null}
          onPress={() => move(1)}
        >
          ›
        </Button>
        {asked === null ? null : (
          <Button className="button quiet" onPress={() => go(hrefHere({ until: null }))}>
            {t('trend.until-today')}
          </Button>
        )}
        <Freeze key={`${trend.place.code} ${trend.until}`} trend={trend} />
      </div>
    </header>
  );
}

/** Freezes the figures on screen, so that a bulletin can cite them by their number. */
function Freeze({ trend }: { trend: TrendReply }) {
  const { t } = useSpeech();
  const refusal = useRefusal();
  const [busy, setBusy] = useState(false);
  const [frozen, setFrozen] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  async function freeze() {
    setBusy(true);
    setFailure(null);
    try {
      const body = { place: trend.place.code, until: trend.until };
      const { id } = await request<{ id: string }>('/trend/snapshots', { method: 'POST', body });
      setFrozen(id);
    } catch (error) {
      setFailure(refusal(error));
    }
    setBusy(false);
  }
  return (
    <>
      <Button className="button" isPending={busy} onPress={() => void freeze()}>
        {t(busy ? 'trend.freezing' : 'trend.freeze')}
      </Button>
      <span role="status" className="trend-frozen">
        {frozen === null ? null : (
          <>
            {t('trend.frozen')} <code>{frozen}</code>
          </>
        )}
      </span>
      {failure === null ? null : (
        <span role="alert" className="field-error">
          {failure}
        </span>
      )}
    </>
  );
}
