import { boardWords } from './board.ts';
import { deskWords } from './desks.ts';
import { domainWords } from './domain.ts';
import { fieldWords } from './fields.ts';
import { formWords } from './forms.ts';
import { listWords } from './lists.ts';
import { screenWords } from './screen.ts';
import { valueWords } from './values.ts';

/** All words of the screens, by key, in both languages. */
export const words = {
  ...screenWords,
  ...boardWords,
  ...deskWords,
  ...domainWords,
  ...fieldWords,
  ...formWords,
  ...listWords,
  ...valueWords,
} as const;
