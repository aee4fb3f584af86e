import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Reply } from './client.ts';
import { openedTubes } from './opened-tubes.ts';
import { placesCsv } from './people.ts';

const password = 'only-for-tests';

/** Signs in as the first administrator of a server started with that password. */
export async function signInAsAdmin(url: string): Promise<Client> {
  const reply = await new Client(url).post('/v1/sessions', { account: 'admin', password });
  if (reply.status !== 200) throw new Error(reply.text);
  return new Client(url, 'admin', String(reply.body['token']));
}

/** Arguments that give a server its first administrator. */
export const adminArgs: readonly string[] = ['--admin-password', password];

/** Places, and somebody who samples, on a server with an empty database. */
export async function furnish(url: string): Promise<Client> {
  const admin = await signInAsAdmin(url);
  await admin.file('/v1/imports/places', placesCsv);
  const roles = [{ role: 'sampler', place: '*' }];
  const made = await admin.post('/v1/accounts', { account: 'sampler', password, roles });
  if (made.status !== 201) throw new Error(made.text);
  const { body } = await new Client(url).post('/v1/sessions', { account: 'sampler', password });
  return new Client(url, 'sampler', String(body['token']));
}

/** A phone that sends batch after batch, each again until it is answered, as the outbox does. */
export class SendingPhone {
  readonly #client: Client;
  readonly #device: string;
  readonly #batch: number;
  #sent = 0;
  /** Ids that were answered for. */
  readonly acknowledged: string[] = [];
  /** What was answered, by `status code`, and how often; `silence` when nobody did. */
  readonly answers = new Map<string, number>();

  constructor(client: Client, device: string, batch: number) {
    this.#client = client;
    this.#device = device;
    this.#batch = batch;
  }

  /** Sends the next batch once; true when it was answered for. */
  async send(): Promise<boolean> {
    const all = openedTubes(this.#device, this.#sent + this.#batch);
    const facts = all.slice(this.#sent);
    const reply = await this.#client.facts(facts).catch((): Reply | null => null);
    const told = reply === null ? 'silence' : `${reply.status} ${reply.body['code'] ?? ''}`.trim();
    this.answers.set(told, (this.answers.get(told) ?? 0) + 1);
    if (reply?.status !== 200) return false;
    const { accepted, known } = reply.body as { accepted: { id: string }[]; known: string[] };
    this.acknowledged.push(...accepted.map(({ id }) => id), ...known);
    this.#sent += this.#batch;
    return true;
  }

  /** Sends until told to stop, and the last batch until it is answered for. */
  async sendUntil(isOver: () => boolean): Promise<void> {
    for (let isDone = true; !isDone || !isOver();) {
      isDone = await this.send();
      if (!isDone) await pause(50);
    }
  }
}
