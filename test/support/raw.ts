import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Client } from './client.ts';

/** A caller on a bare socket, who may stop in the middle of a sentence. */
export class RawCaller {
  readonly socket: Socket;
  /** Everything that was answered until the line was closed. */
  readonly answered: Promise<string>;
  #heard = '';
  readonly #client: Client;

  private constructor(client: Client, socket: Socket) {
    this.#client = client;
    this.socket = socket;
    socket.on('data', (text: Buffer) => (this.#heard += text.toString()));
    // What is cut off may be reset; that is the end of it, too.
    socket.on('error', () => undefined);
    this.answered = new Promise((resolve) => socket.once('close', () => resolve(this.#heard)));
  }

  /** Connects to the client's server, to speak for the client. */
  static async open(client: Client): Promise<RawCaller> {
    const { hostname, port } = new URL(client.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawCaller(client, socket);
  }

  /** Says the head of a request, to its end. */
  head(line: string, headers: { readonly [name: string]: string | number } = {}): void {
    const own = { host: 'here', authorization: `Bearer ${this.#client.token ?? ''}` };
    const lines = Object.entries({ ...own, ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    this.say(`${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  }

  /** Says something as it is. */
  say(text: string | Uint8Array): void {
    this.socket.write(text);
  }

  /** Says one piece of a body of unknown length. */
  chunk(text: string): void {
    this.say(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  }

  /** What was answered so far. */
  get heard(): string {
    return this.#heard;
  }

  /** Waits until what was answered so far holds a text. */
  async hear(text: string): Promise<void> {
    while (!this.#heard.includes(text)) await once(this.socket, 'data');
  }
}
