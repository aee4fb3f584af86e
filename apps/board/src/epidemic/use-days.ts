import { useMemo } from 'react';
import { useAsOf } from '../board/overview.tsx';
import { formatDay } from '../language/format.ts';
import { useSpeech } from '../language/translate.ts';

/** Calendar days as people here write them. */
export interface DayWords {
  /** 24 Apr; with the year when it is another than that of now. */
  readonly day: (on: string) => string;
  /** 4/24 in Chinese, 24 Apr in English: for axes. */
  readonly short: (on: string) => string;
}

/** How days are written. Noon in the place's zone stands for the day, whatever the reader's. */
export function useDays(): DayWords {
  const { language } = useSpeech();
  const now = useAsOf();
  return useMemo(() => {
    const noon = (on: string): number => Date.parse(`${on}T12:00:00+08:00`);
    const day = (on: string): string => (on === '' ? '' : formatDay(noon(on), now, language));
    const short = (on: string): string => {
      if (on === '') return '';
      if (language === 'zh') return `${Number(on.slice(5, 7))}/${Number(on.slice(8, 10))}`;
      return formatDay(noon(on), noon(on), language);
    };
    return { day, short };
  }, [language, now]);
}
