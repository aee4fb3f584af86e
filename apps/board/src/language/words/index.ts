import { boardWords } from './board.ts';
import { deskWords } from './desks.ts';
import { deviceWords } from './devices.ts';
import { domainWords } from './domain.ts';
import { fieldWords } from './fields.ts';
import { formWords } from './forms.ts';
import { labelWords } from './labels.ts';
import { listWords } from './lists.ts';
import { screenWords } from './screen.ts';
import { trendWords } from './trend.ts';
import { valueWords } from './values.ts';

/** All words of the screens, by key, in both languages. */
export const words = {
  ...screenWords,
  ...boardWords,
  ...deskWords,
  ...deviceWords,
  ...domainWords,
  ...fieldWords,
  ...formWords,
  ...labelWords,
  ...listWords,
  ...trendWords,
  ...valueWords,
} as const;
