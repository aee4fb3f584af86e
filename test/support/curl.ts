// Stands in for curl on machines that have none: the options that docs/first-round.md uses.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    'show-error': { type: 'boolean', short: 'S' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
    'data-binary': { type: 'string' },
    'data-urlencode': { type: 'string', multiple: true, default: [] },
    get: { type: 'boolean', short: 'G' },
  },
});
const [address = ''] = positionals;
const query = new URLSearchParams(
  values['data-urlencode'].map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  }),
);
const url = query.size === 0 ? address : `${address}?${query.toString()}`;
const data = values.data ?? values['data-binary'];
const body = data?.startsWith('@') === true ? readFileSync(data.slice(1)) : data;
const headers = values.header.map((header): [string, string] => {
  const colon = header.indexOf(':');
  return [header.slice(0, colon), header.slice(colon + 1).trim()];
});
const reply = await fetch(url, {
  method: values.request ?? (body === undefined ? 'GET' : 'POST'),
  headers,
  ...(body === undefined ? {} : { body }),
});
process.stdout.write(await reply.text());
