import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { malformed } from './archive.ts';
import type { FileLimits } from './limits.ts';
import { FileRefused } from './refusal.ts';

/** What a part is read for. Names come without their prefix. */
export interface XmlHandler {
  readonly open: (name: string, attributes: Record<string, string>) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}

/**
 * Reads XML in a stream and yields after every piece, so that a caller can pass on what its
 * handler has gathered. A document type is refused: it could define entities, and no spreadsheet
 * program writes one.
 */
export async function* readXml(
  stream: Readable,
  handler: XmlHandler,
  limits: FileLimits,
): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false });
  parser.on('opentag', (tag) => handler.open(bare(tag.name), tag.attributes));
  if (handler.close !== undefined) {
    const { close } = handler;
    parser.on('closetag', (tag) => close(bare(tag.name)));
  }
  if (handler.text !== undefined) {
    parser.on('text', handler.text);
    parser.on('cdata', handler.text);
  }
  parser.on('doctype', () => {
    throw new FileRefused('exchange.xlsx-malformed', { reason: 'document type' });
  });
  parser.on('error', (error) => {
    throw malformed(error);
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let run = 0;
  try {
    for await (const chunk of stream) {
      const text = decoder.decode(chunk as Buffer, { stream: true });
      const lastMark = Math.max(text.lastIndexOf('<'), text.lastIndexOf('>'));
      run = lastMark < 0 ? run + text.length : text.length - lastMark;
      if (run > limits.xmlRunCharsMax) {
        throw new FileRefused('exchange.xlsx-malformed', { reason: 'a text without end' });
      }
      parser.write(text);
      yield;
    }
    parser.write(decoder.decode());
    parser.close();
    yield;
  } catch (cause) {
    throw malformed(cause);
  } finally {
    stream.destroy();
  }
}

/** Reads a small part to its end. */
export async function readWhole(
  stream: Readable,
  handler: XmlHandler,
  limits: FileLimits,
): Promise<void> {
  const pieces = readXml(stream, handler, limits);
  while ((await pieces.next()).done !== true);
}

function bare(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
