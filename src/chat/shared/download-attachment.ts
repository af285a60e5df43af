import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AllowedHosts } from './allowed-hosts.ts';

const mostRedirects = 3;
/** Longest pause between two pieces of a file, and before the first. */
const silenceMs = 30_000;
/** A file that takes longer altogether keeps others waiting. */
const wholeMs = 120_000;

/** What is answered for an address that has lapsed. */
const lapsed: ReadonlySet<number> = new Set([403, 404, 410]);

const tooLarge = (bytes: number, maxBytes: number): GramzoomError =>
  new GramzoomError('photo-too-many-bytes', { bytes, maxBytes });

/** All of a body, and no more than is accepted. */
const read = async (
  response: Response,
  { maxBytes, onPiece }: { readonly maxBytes: number; readonly onPiece: () => void },
): Promise<Uint8Array> => {
  const said = Number(response.headers.get('content-length') ?? 0);
  if (said > maxBytes) throw tooLarge(said, maxBytes);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    onPiece();
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

type Asking = { readonly signal: AbortSignal; readonly headers: Readonly<Record<string, string>> };
type Refresh = {
  readonly refresh?:
    | ((url: URL, options: { readonly signal: AbortSignal }) => Promise<string | undefined>)
    | undefined;
};

/** A file as its platform tells of it: where it is, and how long it is said to be. */
export type RemoteFile = { readonly url: string; readonly bytes: number };

/**
 * The bytes of what somebody attached: from hosts of the list only, through redirects among them, and never more
 * than is accepted, whatever was said before. Where an address has lapsed, it is asked for anew once.
 * @param options.platform the platform's name, for errors
 * @param options.refuses tells by an answer's head why it is not the file, also by that of a redirect
 * @throws GramzoomError `photo-too-many-bytes`, `chat-gone`, `chat-unreachable`; `cancelled` once the signal aborts
 */
export const createDownload = ({
  platform,
  hosts,
  clock,
  refuses = () => undefined,
}: {
  readonly platform: string;
  readonly hosts: AllowedHosts;
  readonly clock: Clock;
  readonly refuses?: (response: Response) => GramzoomError | undefined;
}) => {
  const gone = (): GramzoomError => new GramzoomError('chat-gone', { platform });
  const unreachable = (reason: string, cause?: unknown): GramzoomError =>
    new GramzoomError('chat-unreachable', { platform, reason }, { cause });

  /** Follows redirects as far as the list goes. */
  const follow = async (start: URL, { signal, headers }: Asking): Promise<Response> => {
    let url = start;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      if (!hosts.allows(url)) throw gone();
      const response = await fetch(url, { redirect: 'manual', signal, headers });
      const refusal = refuses(response);
      if (refusal) throw refusal;
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response.body?.cancel();
      const next = URL.parse(location, url.href);
      if (!next) throw gone();
      url = next;
    }
    throw gone();
  };

  const open = async (address: string, { refresh, ...asking }: Asking & Refresh): Promise<Response> => {
    const url = new URL(address);
    const response = await follow(url, asking);
    if (!lapsed.has(response.status)) return response;
    const renewed = URL.parse((await refresh?.(url, asking)) ?? '');
    if (!renewed) return response;
    await response.body?.cancel();
    return await follow(renewed, asking);
  };

  /**
   * @param options.headers are sent to hosts of the list only
   * @param options.refresh gives the address of today; undefined if there is none
   */
  return async (
    file: RemoteFile,
    {
      signal,
      maxBytes,
      headers = {},
      refresh,
    }: Partial<Asking> & Refresh & { readonly signal: AbortSignal; readonly maxBytes: number },
  ): Promise<Uint8Array> => {
    if (signal.aborted) throw new GramzoomError('cancelled', {});
    if (file.bytes > maxBytes) throw tooLarge(file.bytes, maxBytes);
    const ended = new AbortController();
    const deadline = clock.after(wholeMs, () => ended.abort('it took more than 120 s'));
    const watch = () => clock.after(silenceMs, () => ended.abort('no bytes came for 30 s'));
    let timer = watch();
    const onPiece = (): void => {
      timer.cancel();
      timer = watch();
    };
    try {
      const either = AbortSignal.any([signal, ended.signal]);
      const response = await open(file.url, { signal: either, headers, refresh });
      onPiece();
      const { status } = response;
      if (status === 429 || status >= 500) throw unreachable(`status ${status}`);
      if (status !== 200) throw gone();
      return await read(response, { maxBytes, onPiece });
    } catch (error) {
      if (error instanceof GramzoomError) throw error;
      if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause: error });
      if (ended.signal.aborted) throw unreachable(ended.signal.reason, error);
      throw unreachable('the file could not be read', error);
    } finally {
      timer.cancel();
      deadline.cancel();
      // Lets go of the connection where not everything was read.
      ended.abort();
    }
  };
};
