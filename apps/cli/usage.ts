import { labelsUsage } from './commands/labels.ts';
import { trendUsage } from './commands/trend.ts';

/** Every command, a line each. */
export const usage = `sextant COMMAND [options]

  import persons FILE [--errors OUT.csv] [--create-places] [--map 'HEADER=FIELD' …]
  import places FILE [--errors OUT.csv]
  coverage [--round ID] [--place CODE] [--missing]
  accounts [--place CODE] [--round ID]
  chain [--round ID] [--place CODE]
  trace tube|person|box ID
  verify
  scenario run NAME [--scale X] [--days N] [--seed N] [--until-idle] [--keep]
${labelsUsage}
${trendUsage}

Every command takes --json (one object on stdout, nothing else), --data DIR (or SEXTANT_DATA) and
--database-url URL (or SEXTANT_DATABASE_URL). Exit 0: done; 1: refused or found wanting; 2: misuse.
`;
