import { useMemo } from 'react';
import type { NoEstimate } from '../../../../rooms/trend/index.ts';
import { formatShare } from '../language/format.ts';
import { useSpeech } from '../language/translate.ts';
import type { TrendReply } from './types.ts';

/** What the charts say in a sentence, and how far their data can be trusted. */
export interface Findings {
  readonly fan: string;
  readonly reproduction: string;
  readonly thin: (reason: NoEstimate | null) => string;
  readonly quality: string;
}

/** The figures of a reproduction number as people say them. */
export function twoPlaces(value: number): string {
  return value.toFixed(2);
}

/** Writes the sentences of the estimates in the reader's language. */
export function useFindings(trend: TrendReply): Findings {
  const { t } = useSpeech();
  return useMemo(() => {
    const { estimates, quality } = trend;
    const thin = (reason: NoEstimate | null): string => {
      const { needs, used, days } = estimates;
      const isDays = reason === 'too-few-days';
      const values = isDays
        ? { count: days.length, min: needs.days }
        : { count: used, min: needs.infections };
      return t(`trend.thin.${reason ?? 'no-infections'}`, values);
    };
    const last = estimates.reproduction?.at(-1);
    return {
      thin,
      fan: fanSentence(trend, t),
      reproduction: last === undefined ? t('trend.thin-title') : reproductionSentence(last, t),
      quality: qualityLine(quality, t),
    };
  }, [trend, t]);
}

type Say = ReturnType<typeof useSpeech>['t'];

function fanSentence({ estimates: { growth, nowcast, forecast } }: TrendReply, t: Say): string {
  if (nowcast === null && forecast === null) return t('trend.thin-title');
  const isFlat = growth === null || growth.rateLow * growth.rateHigh <= 0;
  const days = growth === null ? '' : daysText(growth.days);
  const course = isFlat ? t('trend.fan-flat') : t(`trend.fan-${growth.kind}`, { days });
  const last = forecast?.at(-1);
  if (last === undefined) return course;
  const ahead = { count: forecast?.length ?? 0, low: last.q05, high: last.q95 };
  return course + t('trend.fan-ahead', ahead);
}

function daysText(days: number): string {
  return days < 10 ? days.toFixed(1) : String(Math.round(days));
}

function reproductionSentence(
  last: { readonly median: number; readonly q025: number; readonly q975: number },
  t: Say,
): string {
  const values = { low: twoPlaces(last.q025), high: twoPlaces(last.q975) };
  const said = { r: twoPlaces(last.median), interval: t('trend.interval', values) };
  if (last.q025 > 1) return t('trend.r-above', said);
  return t(last.q975 < 1 ? 'trend.r-below' : 'trend.r-open', said);
}

/** How many infections the figures rest on and what of them is missing, the same everywhere. */
function qualityLine(quality: TrendReply['quality'], t: Say): string {
  const { infections, shareFoundUnknown } = quality;
  const share = (part: number | null): string =>
    formatShare(Math.round((part ?? 0) * infections), infections);
  const onset = quality.onsetToReportDays.median;
  const sample = quality.sampleToReportDays.median;
  const parts = [t('trend.quality-count', { count: infections })];
  if (infections > 0) {
    parts.push(
      t('trend.quality-onset', { share: formatShare(quality.unknownOnset, infections) }),
      t('trend.quality-asymptomatic', { count: quality.asymptomatic }),
      t('trend.quality-found', { share: share(shareFoundUnknown) }),
      t('trend.quality-unreported', { count: quality.unreported }),
      t('trend.quality-uninvestigated', { count: quality.uninvestigated }),
    );
  }
  if (onset !== null) parts.push(t('trend.quality-delay', { days: onset, count: onset }));
  if (sample !== null) parts.push(t('trend.quality-sample', { days: sample, count: sample }));
  const wrong = quality.contradictions + quality.outOfOrder;
  if (wrong > 0) parts.push(t('trend.quality-wrong', { count: wrong }));
  if (quality.reinfections > 0) {
    parts.push(t('trend.quality-reinfection', { count: quality.reinfections }));
  }
  if (infections > 0) parts.push(t('trend.quality-once'));
  return parts.join(' · ');
}
