import { useMemo } from 'react';
import roomCodes from 'virtual:room-codes';
import { codeTable } from './words/codes.ts';
import { say, useSpeech, type Values } from './translate.ts';

/** The words for a refusal, a finding or a fault by its code; null when nobody has any. */
export function useCodes(): (code: string, values?: Values) => string | null {
  const { language } = useSpeech();
  return useMemo(
    () => (code, values) => {
      const room = Object.hasOwn(roomCodes, code) ? roomCodes[code] : undefined;
      if (room !== undefined) return say(language, room, values);
      const own = Object.hasOwn(codeTable, code) ? codeTable[code as keyof typeof codeTable] : null;
      return own === null ? null : say(language, [own.zh, own.en], values);
    },
    [language],
  );
}
