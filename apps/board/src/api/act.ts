import { request } from './client.ts';
import type { JsonObject } from './types.ts';

export interface ActReply {
  readonly facts: readonly {
    readonly id: string;
    readonly kind: string;
    readonly subject: string;
  }[];
  readonly receipt: number;
}

/** One thing a person does at a desk. Its id is made once: sending it again changes nothing. */
export interface Act {
  readonly actId: string;
  readonly room: string;
  readonly act: string;
  readonly body: JsonObject;
  /** When it happened, if that was not now: milliseconds. */
  readonly at?: number;
}

/** A new act, with an id of its own. */
export function newAct(room: string, act: string, body: JsonObject, at?: number): Act {
  const made = { actId: crypto.randomUUID(), room, act, body };
  return at === undefined ? made : { ...made, at };
}

/** Sends an act; sending the same one again is safe. */
export function performAct({ actId, room, act, body, at }: Act): Promise<ActReply> {
  const envelope = at === undefined ? { actId, act: body } : { actId, at, act: body };
  return request<ActReply>(`/acts/${room}/${act}`, { method: 'POST', body: envelope });
}
