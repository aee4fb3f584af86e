import { courierWords } from './courier.ts';
import { doorsWords } from './doors.ts';
import { dutiesWords } from './duties.ts';
import { entryWords } from './entry.ts';
import { samplingWords } from './sampling.ts';
import { stateWords } from './state.ts';
import { syncWords } from './sync.ts';

/** Everything that the screens say: Chinese first, English second, `one|many` where it counts. */
export const words = {
  ...entryWords,
  ...stateWords,
  ...samplingWords,
  ...doorsWords,
  ...courierWords,
  ...dutiesWords,
  ...syncWords,
} as const;
