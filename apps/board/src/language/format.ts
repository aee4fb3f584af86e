import type { Language } from '../preferences.ts';

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };

/**
 * The zone in which times are shown: the operation's, not the reader's machine's. The server
 * counts its days at 480 minutes east of UTC. It is named once a screen, in the header.
 */
const zone = 'Asia/Shanghai';

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const fresh = new Intl.DateTimeFormat(locales[language], { ...options, timeZone: zone });
  made.set(key, fresh);
  return fresh;
}

/** A whole number with separators: the same in both languages, so that digits stay comparable. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB', { maximumFractionDigits: 0 });
}

/** A share in per cent with one decimal; never 100 while something is open, never 0 when not. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const percent = (100 * part) / whole;
  if (part >= whole) return '100 %';
  if (part <= 0) return '0 %';
  return `${Math.min(99.9, Math.max(0.1, percent)).toFixed(1)} %`;
}

const units = {
  zh: { second: '秒', minute: '分钟', hour: '小时', shortMinute: '分', day: '天' },
  en: { second: 's', minute: 'min', hour: 'h', shortMinute: '', day: 'd' },
} as const;

const minuteS = 60;
const hourS = 60 * minuteS;
const dayS = 24 * hourS;

/** A span in the largest useful unit: 40 s, 12 min, 3 h 02, 5 d 4 h. */
export function formatSpan(seconds: number, language: Language): string {
  const words = units[language];
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < minuteS) return `${whole} ${words.second}`;
  if (whole < hourS) return `${Math.floor(whole / minuteS)} ${words.minute}`;
  if (whole < 2 * dayS) {
    const rest = Math.floor((whole % hourS) / minuteS);
    const digits = String(rest).padStart(2, '0');
    const tail = words.shortMinute === '' ? digits : `${digits} ${words.shortMinute}`;
    return `${Math.floor(whole / hourS)} ${words.hour}${rest === 0 ? '' : ` ${tail}`}`;
  }
  const days = Math.floor(whole / dayS);
  const hours = Math.floor((whole % dayS) / hourS);
  const tail = hours === 0 || days >= 10 ? '' : ` ${hours} ${words.hour}`;
  return `${days} ${words.day}${tail}`;
}

/** Clock time to the second. */
function formatClock(at: number, language: Language): string {
  return formatter(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);
}

/** Clock time to the second, with its date when that is not the day of `now`. */
export function formatReading(at: number, now: number, language: Language): string {
  const time = formatClock(at, language);
  return dayKey(at) === dayKey(now) ? time : `${formatDay(at, now, language)} ${time}`;
}

/** Clock time on the day of `now`; with the date beside it on any other. */
export function formatMoment(at: number, now: number, language: Language): string {
  const time = formatter(language, { hour: '2-digit', minute: '2-digit' }).format(at);
  if (dayKey(at) === dayKey(now)) return time;
  return `${formatDay(at, now, language)} ${time}`;
}

/** Day and month; with the year when it is not that of `now`. */
export function formatDay(at: number, now: number, language: Language): string {
  const sameYear = dayKey(at).slice(0, 4) === dayKey(now).slice(0, 4);
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  return formatter(language, sameYear ? options : { ...options, year: 'numeric' }).format(at);
}

/** The zone's own name: 中国标准时间, China Standard Time. */
export function zoneName(at: number, language: Language): string {
  const parts = formatter(language, { timeZoneName: 'long' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

function dayKey(at: number): string {
  return toLocalText(at).slice(0, 10);
}

/** An instant as `YYYY-MM-DD HH:MM` in the shown zone: what a field for a moment holds. */
export function toLocalText(at: number): string {
  const parts = formatter('en', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '00';
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  return `${date} ${part('hour')}:${part('minute')}`;
}

const momentPattern =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2})[:时](\d{1,2})分?$/;

/** Reads year, month, day, hour and minute in the shown zone; null when there is no such moment. */
export function fromLocalText(text: string): number | null {
  const match = momentPattern.exec(text.normalize('NFKC').trim());
  if (match === null) return null;
  const [year = '', month = '', day = '', hour = '', minute = ''] = match.slice(1);
  const pad = (digits: string) => digits.padStart(2, '0');
  const date = `${year}-${pad(month)}-${pad(day)}`;
  const wanted = Date.parse(`${date}T${pad(hour)}:${pad(minute)}:00Z`);
  // A day that does not exist rolls over into the next month, so it is looked at again.
  if (Number.isNaN(wanted) || new Date(wanted).toISOString().slice(0, 10) !== date) return null;
  // Twice: the offset at the first guess may be that of the other side of a clock change.
  let at = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    at = wanted - (Date.parse(`${toLocalText(at).replace(' ', 'T')}:00Z`) - at);
  }
  return at;
}
