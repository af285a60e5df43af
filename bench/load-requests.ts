import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** One request of the mix; `post` sends a form. */
export type Call = {
  readonly path: string;
  readonly post?: { readonly type: string; readonly body: Uint8Array };
};

export type LoadResult = {
  readonly requests: number;
  /** What did not end with 2xx or 3xx, and why. */
  readonly errors: readonly string[];
  /** Milliseconds from when a request was due until its last byte, so that a late start counts; sorted. */
  readonly latencies: readonly number[];
};

const send = (url: string, { path, post }: Call, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = {
      agent,
      method: post ? 'POST' : 'GET',
      ...(post && { headers: { 'content-type': post.type, 'content-length': post.body.length } }),
    };
    const outgoing = request(`${url}${path}`, options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(post?.body);
  });

/**
 * Sends so many requests a second, on time whether or not the ones before have been answered.
 * @param next gives the request that is due
 */
export const sendLoad = async (
  url: string,
  options: { readonly perSecond: number; readonly seconds: number; readonly next: (index: number) => Call },
): Promise<LoadResult> => {
  const { perSecond, seconds, next } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const total = Math.round(perSecond * seconds);
  const errors: string[] = [];
  const latencies: number[] = [];
  const pending = new Set<Promise<void>>();
  const begun = performance.now();
  for (let index = 0; index < total; index++) {
    const due = begun + (1000 * index) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await pause(wait);
    const call = next(index);
    const done: Promise<void> = send(url, call, agent)
      .then((status) => {
        if (status < 200 || status >= 400) errors.push(`${call.path}: ${status}`);
        latencies.push(performance.now() - due);
      })
      .catch((error: unknown) => void errors.push(`${call.path}: ${error}`))
      .finally(() => pending.delete(done));
    pending.add(done);
  }
  await Promise.all(pending);
  agent.destroy();
  return { requests: total, errors, latencies: latencies.toSorted((a, b) => a - b) };
};

/** The latency that a share of the requests kept; `latencies` sorted. */
export const percentile = (latencies: readonly number[], share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.ceil(share * latencies.length) - 1)] ?? Number.NaN;

/** Reads streams of events, as tabs that are open do; `stop` closes them. */
export const watchRooms = (url: string, paths: readonly string[]): { readonly stop: () => void } => {
  const agent = new Agent({ maxSockets: paths.length });
  const outgoing = paths.map((path) => {
    const stream = request(
      `${url}${path}`,
      { agent, headers: { accept: 'text/event-stream' } },
      (response) => {
        response.resume();
        response.on('error', () => {});
      },
    );
    stream.on('error', () => {});
    stream.end();
    return stream;
  });
  return { stop: () => outgoing.forEach((stream) => void stream.destroy()) };
};
