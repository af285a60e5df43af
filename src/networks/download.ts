import { dirname } from 'node:path';
import { backoffMs } from '../concurrency/backoff.ts';
import { pause } from '../concurrency/pause.ts';
import { GramzoomError } from '../domain/errors.ts';
import {
  type Attempt,
  type AttemptOptions,
  type Outcome,
  type PublishedFile,
  tryOnce,
} from './download-attempt.ts';
import { type HttpSource, openHttpSource, type Proxies, withoutPassword } from './http-source.ts';
import { partBytes, partFileOf, partMd5, promotePart, removePart, requireSpace } from './part-file.ts';

export type DownloadOptions = AttemptOptions & { readonly proxies: Proxies };

/** How often in a row a try may fail and another one follow. */
const mostFailures = 4;
/** A place that has never answered is asked once more only: most likely this machine is offline. */
const mostFailuresUnheard = 1;
/** A try that brought this much more than any before it is a new beginning. */
const worthwhileBytes = 2 ** 20;
/** The published file and what is made of it lie side by side for a moment. */
const roomFactor = 2;

/** How long to wait before the next try; undefined where it is time to give up. */
const createRetryPolicy = (
  bytesAtStart: number,
): ((cut: Extract<Outcome, { kind: 'cut' }>, bytes: number) => number | undefined) => {
  let best = bytesAtStart;
  let failures = 0;
  let heard = false;
  return ({ unheard = false }, bytes) => {
    heard ||= !unheard;
    if (bytes >= best + worthwhileBytes) {
      best = bytes;
      failures = 0;
    }
    failures += 1;
    return failures <= (heard ? mostFailures : mostFailuresUnheard) ? backoffMs(failures) : undefined;
  };
};

/** The part is as long as the file: either it becomes the file, or it goes. */
const finish = async ({ file, published, options }: Attempt): Promise<boolean> => {
  if ((await partMd5(file, options.signal)) === published.md5) {
    await promotePart(file);
    return true;
  }
  await removePart(file);
  return false;
};

const receiveWhole = async (
  now: Attempt,
  absent: (reason: string, cause?: unknown) => GramzoomError,
): Promise<void> => {
  const { published, file, options } = now;
  const there = await partBytes(file);
  if (there > published.bytes) await removePart(file);
  if (there === published.bytes && (await finish(now))) return;
  await requireSpace(dirname(file.target), roomFactor * published.bytes - (await partBytes(file)));
  const nextDelayMs = createRetryPolicy(await partBytes(file));
  for (;;) {
    let outcome = await tryOnce(now);
    if (outcome.kind === 'whole') {
      if (await finish(now)) return;
      const reason = 'what it sends is not the published file';
      // Two halves that do not fit each other may both be sound.
      outcome = outcome.resumed ? { kind: 'cut', reason } : { kind: 'refused', reason };
    }
    if (outcome.kind === 'refused') {
      if (outcome.spoilt) await removePart(file);
      throw absent(outcome.reason);
    }
    const delayMs = nextDelayMs(outcome, await partBytes(file));
    if (delayMs === undefined) throw absent(outcome.reason, outcome.cause);
    await pause(options.clock, delayMs, options);
  }
};

/**
 * Downloads a published file: continues where an earlier try was cut (`<target>.part`), follows redirections,
 * waits and tries again where that may help, and checks length and MD5. The file is there as a whole or not
 * at all, and durable once this returns. One process at a time. (undici's RetryAgent forgets with its process what
 * it has received, and waits by the machine's clock.)
 * @param target its folder exists
 * @throws GramzoomError `network-absent` with the reason, `disk-full`, `output-not-writable`; `cancelled`, after
 * which the next call continues
 */
export const download = async (
  published: PublishedFile,
  target: string,
  options: DownloadOptions,
): Promise<void> => {
  const absent = (reason: string, cause?: unknown): GramzoomError => {
    const { name, bytes, url } = published;
    const data = { name, bytes, url: withoutPassword(url), path: target, reason };
    return new GramzoomError('network-absent', data, { cause });
  };
  const file = partFileOf(target);
  let source: HttpSource;
  try {
    source = openHttpSource({ proxies: options.proxies });
  } catch (cause) {
    throw absent('the proxy has no address that can be used', cause);
  }
  try {
    await receiveWhole({ published, file, source, options }, absent);
  } catch (thrown) {
    // The disk is the films' too.
    if (thrown instanceof GramzoomError && thrown.code === 'disk-full') await removePart(file);
    throw options.signal.aborted ? new GramzoomError('cancelled', {}, { cause: thrown }) : thrown;
  } finally {
    await source.close();
  }
};
