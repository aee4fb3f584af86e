import { useMemo } from 'react';
import { useWordsOfCodes } from '../catalogue.tsx';
import { say, type Values } from './say.ts';
import { useSpeech } from './translate.ts';
import { codeWords } from './words/codes.ts';

/**
 * The words for a refusal, a finding or a fault by its code: the room's own, which the server
 * gives with the catalogue; else the board's, for what is said before anybody has signed in.
 */
export function useCodes(): (code: string, values?: Values) => string | null {
  const { language } = useSpeech();
  const given = useWordsOfCodes();
  return useMemo(
    () => (code, values) => {
      const words = Object.hasOwn(given, code) ? given[code] : undefined;
      if (words !== undefined) return say(language, [words.zh, words.en], values);
      const own = Object.hasOwn(codeWords, code) ? codeWords[code] : undefined;
      return own === undefined ? null : say(language, own, values);
    },
    [given, language],
  );
}
