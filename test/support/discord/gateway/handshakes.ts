import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * How connections are answered: as they should be; by a status, as the edge in front of Discord does; not at all;
 * by an upgrade after which they are closed, or after which nothing is said.
 */
export type HandshakeAnswer =
  | 'usual'
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'close-at-once'
  | 'no-hello';

const html = (status: number): string =>
  `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;

/** Answers a handshake by a status, with a page unless the test has something else. */
export const refuseHandshake = (
  socket: Duplex,
  { status, body = html(status), headers = {} }: Exclude<HandshakeAnswer, string>,
): void => {
  const lines = {
    'Content-Type': 'text/html; charset=UTF-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${head.join('')}\r\n${body}`);
};
