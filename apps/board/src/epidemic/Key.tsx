import type { ReactNode } from 'react';

/** A patch of a chart with its word. */
export function Key({ className, children }: { className: string; children: ReactNode }) {
  return (
    <span className="key">
      <span className={`key-patch ${className}`} aria-hidden="true" />
      {children}
    </span>
  );
}

/** The keys of a chart, and a note on how to read it. */
export function Keys({ note, children }: { note?: string; children: ReactNode }) {
  return (
    <>
      {children}
      {note === undefined || note === '' ? null : <span className="key-note">{note}</span>}
    </>
  );
}
