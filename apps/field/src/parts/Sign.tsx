import type { JSX } from 'preact';

/** Outlines on a grid of 24; a sign always stands beside its word or has a name of its own. */
const paths = {
  tick: 'M4.5 12.5l5 5 10-11',
  cross: 'M6 6l12 12M18 6L6 18',
  back: 'M14.5 5l-7 7 7 7',
  next: 'M9.5 5l7 7-7 7',
  plus: 'M12 5v14M5 12h14',
  find: 'M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L20 20',
  camera: 'M4 8V5h3M17 5h3v3M20 16v3h-3M7 19H4v-3M7 9v6M10.3 9v6M13.7 9v6M17 9v6',
  tube: 'M9 3h6M10 3v14.5a2 2 0 004 0V3M10 11h4',
  door: 'M6 21V4l12-1v18M4 21h16M14 12v.5',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  list: 'M9 6h11M9 12h11M9 18h11M4.5 6h.5M4.5 12h.5M4.5 18h.5',
  more: 'M5 12h.5M12 12h.5M19 12h.5',
  sound: 'M4 10v4h3l5 4V6L7 10zM16 9.5a4 4 0 010 5M18.5 7a8 8 0 010 10',
  silent: 'M4 10v4h3l5 4V6L7 10zM16 10l4 4M20 10l-4 4',
  dark: 'M19 14.5A8 8 0 019.5 5 8 8 0 1019 14.5z',
  light:
    'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20.5a7.5 7.5 0 0115 0',
} as const;

export type SignName = keyof typeof paths;

/** A drawn sign, hidden from those who listen. */
export function Sign({ name }: { name: SignName }): JSX.Element {
  return (
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** States in shapes that grey print and colour-blind people tell apart. */
const marks = {
  waiting: 'M12 4.5a7.5 7.5 0 100 15 7.5 7.5 0 000-15z',
  moving: 'M12 4.5a7.5 7.5 0 100 15 7.5 7.5 0 000-15zM12 4.5v15',
  done: 'M12 4a8 8 0 100 16 8 8 0 000-16z',
  overdue: 'M12 4l9 16H3z',
  unknown: 'M5 5h14v14H5z',
} as const;

export type MarkName = keyof typeof marks;

/** The shape of a state: waiting ○, moving ◔, done ●, overdue ▲, unknown □. */
export function Mark({ name }: { name: MarkName }): JSX.Element {
  return (
    <svg class={`mark mark-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={marks[name]} />
      {name === 'moving' ? <path class="half" d="M12 4.5a7.5 7.5 0 010 15z" /> : null}
    </svg>
  );
}
