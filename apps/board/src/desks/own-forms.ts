import type { ComponentType } from 'react';
import type { Thing } from './thing.ts';

/** The form of an act that has a better one on a desk than its schema gives. */
export interface OwnFormProps {
  /** What it is done to; null when it begins something new. */
  readonly thing: Thing | null;
  readonly onDone: (words?: string) => void;
  readonly onCancel: () => void;
}
export type OwnForms = { readonly [act: string]: ComponentType<OwnFormProps> };

/** Shown above the state of a thing: a plate's wells, the people of a tube. */
export type Picture = ComponentType<{ readonly thing: Thing; readonly refetch: () => void }>;
