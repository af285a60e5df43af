import type { Dispatcher } from 'undici';
import { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { connectionProblem, type HttpSource, withoutPassword } from './http-source.ts';
import { beginPart, openPart, type PartFile, partBytes, partValidator, removePart } from './part-file.ts';

/** A file that somebody published, and how to know that it is the one. */
export type PublishedFile = {
  /** The network that it belongs to, for errors. */
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly md5: string;
};

export type AttemptOptions = {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onProgress: (progress: { readonly receivedBytes: number; readonly totalBytes: number }) => void;
};

/** In each of these a try has to bring a few bytes, from its start on. */
const windowMs = 30_000;
const fewestBytesPerWindow = 2 ** 15;

/** How a try ended. */
export type Outcome =
  | { readonly kind: 'whole'; readonly resumed: boolean }
  /** Worth trying again. `unheard`: no answer came at all. */
  | { readonly kind: 'cut'; readonly reason: string; readonly unheard?: boolean; readonly cause?: unknown }
  /** The same would come again. `spoilt`: what was received is no beginning of the file. */
  | { readonly kind: 'refused'; readonly reason: string; readonly spoilt?: boolean };

export type Attempt = {
  readonly published: PublishedFile;
  readonly file: PartFile;
  readonly source: HttpSource;
  readonly options: AttemptOptions;
};

const busyStatus: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

type Pace = { readonly signal: AbortSignal; readonly saw: (bytes: number) => void };

/** Aborts where fewer bytes come than a working connection brings. */
const watchPace = (clock: Clock): Pace & { readonly heard: () => boolean; readonly end: () => void } => {
  const controller = new AbortController();
  let heard = false;
  let seen = 0;
  const arm = () =>
    clock.after(windowMs, () => {
      if (seen < fewestBytesPerWindow) return controller.abort();
      seen = 0;
      timer = arm();
    });
  let timer = arm();
  return {
    signal: controller.signal,
    saw: (bytes) => {
      heard = true;
      seen += bytes;
    },
    heard: () => heard,
    end: () => timer.cancel(),
  };
};

const header = ({ headers }: Dispatcher.ResponseData, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
};

/** What a later request can name this version by; weak ETags stand for more than one. */
const validatorOf = (response: Dispatcher.ResponseData): string | null => {
  const etag = header(response, 'etag');
  return etag !== null && !etag.startsWith('W/') ? etag : header(response, 'last-modified');
};

/** What to do with an answer. `start`: where in the file its body begins. */
type Answer =
  | { readonly kind: 'take'; readonly start: number }
  | { readonly kind: 'begin-anew' }
  | Extract<Outcome, { kind: 'cut' | 'refused' }>;

const readAnswer = (
  response: Dispatcher.ResponseData,
  { from, total }: { readonly from: number; readonly total: number },
): Answer => {
  const status = response.statusCode;
  if (busyStatus.has(status)) return { kind: 'cut', reason: `it answers with status ${status}` };
  if (status === 416) return { kind: 'begin-anew' };
  if (status !== 200 && status !== 206)
    return { kind: 'refused', reason: `it answers with status ${status}` };
  const encoding = header(response, 'content-encoding') ?? 'identity';
  if (encoding !== 'identity') return { kind: 'refused', reason: `it answers in the encoding ${encoding}` };
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(header(response, 'content-range') ?? '');
    const asked = range !== null && Number(range[1]) === from && Number(range[2]) === total;
    return asked ? { kind: 'take', start: from } : { kind: 'begin-anew' };
  }
  const length = header(response, 'content-length');
  return length === null || Number(length) === total
    ? { kind: 'take', start: 0 }
    : { kind: 'refused', reason: `it has a file of ${length} bytes there instead of ${total}` };
};

const receive = async (
  response: Dispatcher.ResponseData,
  { file, published, options }: Attempt,
  { start, saw }: { readonly start: number; readonly saw: (bytes: number) => void },
): Promise<Outcome> => {
  const totalBytes = published.bytes;
  let receivedBytes = start;
  await using part = await openPart(file);
  const body: AsyncIterable<Buffer> = response.body;
  for await (const chunk of body) {
    saw(chunk.length);
    receivedBytes += chunk.length;
    if (receivedBytes > totalBytes) {
      return { kind: 'refused', reason: `it sends more than the file's ${totalBytes} bytes`, spoilt: true };
    }
    await part.append(chunk);
    options.onProgress({ receivedBytes, totalBytes });
  }
  return receivedBytes === totalBytes
    ? { kind: 'whole', resumed: start > 0 }
    : { kind: 'cut', reason: 'the connection was cut' };
};

const ask = async (now: Attempt, { signal, saw }: Pace): Promise<Outcome> => {
  const { published, file, source } = now;
  const url = withoutPassword(published.url);
  const validator = await partValidator(file, url);
  const from = validator === null ? 0 : await partBytes(file);
  const response = await source.get(published.url, {
    headers: from > 0 && validator !== null ? { range: `bytes=${from}-`, 'if-range': validator } : {},
    signal,
  });
  saw(0);
  // A body that nobody reads would hold its connection, and complain when that is cut.
  response.body.on('error', () => {});
  const answer = readAnswer(response, { from, total: published.bytes });
  if (answer.kind !== 'take') response.body.destroy();
  switch (answer.kind) {
    case 'begin-anew':
      await removePart(file);
      return { kind: 'cut', reason: 'it does not go on where it was cut' };
    case 'take':
      if (answer.start === 0) await beginPart(file, { url, validator: validatorOf(response) });
      return await receive(response, now, { start: answer.start, saw });
    case 'cut':
    case 'refused':
      return answer;
    default:
      return answer satisfies never;
  }
};

/** One request and what comes of it. What is received stays, unless it cannot belong to the file. */
export const tryOnce = async (now: Attempt): Promise<Outcome> => {
  const { signal, clock } = now.options;
  const pace = watchPace(clock);
  try {
    return await ask(now, { ...pace, signal: AbortSignal.any([signal, pace.signal]) });
  } catch (thrown) {
    if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause: thrown });
    if (thrown instanceof GramzoomError) throw thrown;
    const reason = pace.signal.aborted
      ? `next to nothing came in ${windowMs / 1000} seconds`
      : connectionProblem(thrown);
    return { kind: 'cut', reason, unheard: !pace.heard(), cause: thrown };
  } finally {
    pace.end();
  }
};
