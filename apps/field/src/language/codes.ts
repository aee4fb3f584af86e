import { deviceCodes } from '../../../../adapters/device/codes.ts';
import { fateCodes } from '../../../../adapters/device/package.ts';
import { ledgerCodes } from '../../../../ledger/codes.ts';
import type { Label } from '../../../../ledger/room.ts';
import { custodyCodes } from '../../../../rooms/custody/codes.ts';
import { dutiesCodes } from '../../../../rooms/duties/codes.ts';
import { screeningCodes } from '../../../../rooms/screening/codes.ts';
import { scanCodes } from '../scan/codes.ts';
import { serverCodes } from './words/server-codes.ts';

const tables: readonly { readonly [code: string]: Label }[] = [
  screeningCodes,
  custodyCodes,
  dutiesCodes,
  deviceCodes,
  fateCodes,
  ledgerCodes,
  scanCodes,
  serverCodes,
];

/** The words for a code: those of its room, of the device, or of headquarters' answers. */
export function codeLabel(code: string): Label | null {
  for (const table of tables) {
    if (Object.hasOwn(table, code)) return table[code] ?? null;
  }
  return null;
}
