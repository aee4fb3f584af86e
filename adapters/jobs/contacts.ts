import type { Contact } from '../postgres/devices.ts';

/**
 * What devices say of themselves, written together: while one statement is on its way the next
 * ones gather, of each device the last. States: *idle*; *writing*.
 *
 * A device waits for its own word to be written, so that a number which headquarters has heard of
 * is never forgotten: if the device is lost in the next second, the gap shows (promise P1).
 */
export class ContactBook {
  readonly #write: (contacts: readonly Contact[]) => Promise<void>;
  #waiting = new Map<string, Contact>();
  #turn: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(write: (contacts: readonly Contact[]) => Promise<void>) {
    this.#write = write;
  }

  /** Notes a contact; answers when it is written. */
  note(contact: Contact): Promise<void> {
    this.#waiting.set(contact.device, contact);
    this.#next ??= this.#turn.catch(() => undefined).then(() => this.#writeAll());
    return this.#next;
  }

  #writeAll(): Promise<void> {
    const contacts = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#next = null;
    this.#turn = this.#write(contacts);
    return this.#turn;
  }
}
