import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export type LocalServer = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** The requests so far. */
  readonly requests: readonly Pick<IncomingMessage, 'url' | 'headers'>[];
};

/** A server on this machine that goes when the test is over. */
export const listenLocally = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
};

/** Answers one request after the other; the last answer is that to all further ones. */
export const serve = async (...answers: readonly Answer[]): Promise<LocalServer> => {
  const requests: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url, headers: request.headers });
    response.on('error', () => {});
    answers[Math.min(requests.length, answers.length) - 1]!(request, response);
  });
  const port = await listenLocally(server);
  return { url: `http://127.0.0.1:${port}`, port, requests };
};

export type FileOptions = {
  readonly etag?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many bytes of the body are sent before the connection is cut: see `clientHas`. */
  readonly cutAfter?: number;
};

/** Connections that are cut as soon as the client has so many bytes of the file. */
const cuts = new Set<{ readonly at: number; readonly cut: () => void }>();

/** Tells the servers what the client has: bytes on their way would be lost with a connection. */
export const clientHas = (bytes: number): void => {
  for (const each of cuts) {
    if (bytes < each.at) continue;
    cuts.delete(each);
    each.cut();
  }
};

const send = (
  response: ServerResponse,
  bytes: Uint8Array,
  { from, cutAfter }: { readonly from: number; readonly cutAfter: number | undefined },
): void => {
  if (cutAfter === undefined || from + cutAfter >= bytes.length) {
    response.end(bytes.subarray(from));
    return;
  }
  cuts.add({ at: from + cutAfter, cut: () => void response.destroy() });
  response.write(bytes.subarray(from, from + cutAfter));
};

/** A file as a good server has it: with an ETag, and from any byte on. */
export const file =
  (bytes: Uint8Array, { etag = '"one"', headers = {}, cutAfter }: FileOptions = {}): Answer =>
  (request, response) => {
    const always = { 'accept-ranges': 'bytes', ...(etag === null ? {} : { etag }), ...headers };
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
    const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    if (Number.isNaN(from) || !same) {
      response.writeHead(200, { ...always, 'content-length': bytes.length });
      send(response, bytes, { from: 0, cutAfter });
    } else if (from >= bytes.length) {
      response.writeHead(416, { ...always, 'content-range': `bytes */${bytes.length}` }).end();
    } else {
      const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
      response.writeHead(206, {
        ...always,
        'content-length': bytes.length - from,
        'content-range': range,
      });
      send(response, bytes, { from, cutAfter });
    }
  };

/** Only a status. */
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(code, headers).end();
