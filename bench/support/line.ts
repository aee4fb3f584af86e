import { connect, type Socket } from 'node:net';

/** What came back: status, body as text, and when a busy server wants to be asked again. */
export interface LineReply {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number;
  /** Milliseconds from writing the request; waiting for a connection is the sender's own matter. */
  readonly tookMs: number;
}

interface Waiting {
  readonly request: string;
  readonly resolve: (reply: LineReply) => void;
  readonly reject: (error: Error) => void;
}

const headEnd = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

/**
 * One kept-alive connection: writes a request as one string and reads an answer with a stated
 * length. A whole HTTP client costs four times as much processor, which a generator that shares
 * two cores with what it measures would take from the server.
 */
class Line {
  #socket: Socket | null = null;
  #current: Waiting | null = null;
  #buffer: Buffer = nothing;
  #sentAt = 0;
  readonly #host: string;
  readonly #port: number;
  readonly #idle: (line: Line) => void;

  constructor(url: URL, idle: (line: Line) => void) {
    this.#host = url.hostname;
    this.#port = Number(url.port);
    this.#idle = idle;
  }

  send(waiting: Waiting): void {
    this.#current = waiting;
    this.#sentAt = performance.now();
    this.#socket ??= this.#open();
    this.#socket.write(waiting.request);
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(): Socket {
    const socket = connect(this.#port, this.#host);
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => this.#take(data));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
    this.#buffer = nothing;
    return socket;
  }

  #take(data: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? data : Buffer.concat([this.#buffer, data]);
    const end = this.#buffer.indexOf(headEnd);
    if (end < 0) return;
    const head = this.#buffer.toString('latin1', 0, end);
    const stated = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (stated === undefined) return this.#fail(new Error(`an answer without length: ${head}`));
    const size = Number(stated);
    const from = end + headEnd.length;
    if (this.#buffer.length < from + size) return;
    const text = this.#buffer.toString('utf8', from, from + size);
    this.#buffer = nothing;
    const retry = /\r\nretry-after: (\d+)/i.exec(head)?.[1];
    const current = this.#current;
    this.#current = null;
    if (/\r\nconnection: close/i.test(head)) this.close();
    const retryAfterMs = retry === undefined ? 0 : Number(retry) * 1000;
    const tookMs = performance.now() - this.#sentAt;
    current?.resolve({ status: Number(head.slice(9, 12)), text, retryAfterMs, tookMs });
    this.#idle(this);
  }

  #fail(error: Error): void {
    this.#socket?.destroy();
    this.#socket = null;
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    current.reject(error);
    this.#idle(this);
  }
}

/** So many connections to one server; requests beyond them wait in turn. */
export class Lines {
  readonly #idle: Line[] = [];
  readonly #all: Line[] = [];
  readonly #waiting: Waiting[] = [];
  #next = 0;
  readonly #host: string;

  constructor(url: string, connections: number) {
    const address = new URL(url);
    this.#host = address.host;
    for (let index = 0; index < connections; index++) {
      const line = new Line(address, (idle) => this.#release(idle));
      this.#all.push(line);
      this.#idle.push(line);
    }
  }

  /** Asks with a bearer token; rejects when the connection breaks. */
  get(path: string, token: string): Promise<LineReply> {
    return this.#send(
      `GET ${path} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${token}\r\n\r\n`,
    );
  }

  /** Posts JSON that is text already. */
  post(path: string, token: string, json: string): Promise<LineReply> {
    const head = `POST ${path} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${token}`;
    const form = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}`;
    return this.#send(`${head}\r\n${form}\r\n\r\n${json}`);
  }

  close(): void {
    for (const line of this.#all) line.close();
  }

  #send(request: string): Promise<LineReply> {
    return new Promise((resolve, reject) => {
      const line = this.#idle.pop();
      const waiting = { request, resolve, reject };
      if (line === undefined) this.#waiting.push(waiting);
      else line.send(waiting);
    });
  }

  #release(line: Line): void {
    const waiting = this.#waiting[this.#next];
    if (waiting === undefined) {
      this.#waiting.length = 0;
      this.#next = 0;
      this.#idle.push(line);
      return;
    }
    this.#next += 1;
    line.send(waiting);
  }
}
