import type { FetchFunction } from '@slack/web-api';
import { pause } from '../../concurrency/pause.ts';
import type { Clock } from '../../ports/clock.ts';

/** Where Slack does not say how long. */
const usualHoldMs = 30_000;
/** Slack counts by the minute: what names no time would be asked at once for ever, and a mistaken one never again. */
const [leastHoldMs, mostHoldMs] = [1_000, 600_000];

/** How long a request waits for its turn before it counts as refused. */
type WaitLimits = { readonly mostWaits: number; readonly mostWaitMs: number };

const refused = (heldMs: number): Response =>
  new Response('', { status: 429, headers: { 'retry-after': String(Math.ceil(heldMs / 1000)) } });

const heldMsOf = (response: Awaited<ReturnType<FetchFunction>>): number => {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  if (!Number.isFinite(seconds)) return usualHoldMs;
  return Math.min(Math.max(seconds * 1000, leastHoldMs), mostHoldMs);
};

/**
 * Requests of one tenant's clients. A refusal for too many holds the method that was refused, as long as Slack says, and
 * nothing else: the library would hold all of them.
 * @param options.isOrganisation its workspaces have limits of their own, told apart by what a request is about
 * @param options.onRefused called for each refusal of Slack's
 */
export const createHeldRequests = ({
  apiUrl,
  isOrganisation,
  clock,
  onRefused,
}: {
  readonly apiUrl: string;
  readonly isOrganisation: boolean;
  readonly clock: Clock;
  readonly onRefused: () => void;
}): { readonly fetch: (limits: WaitLimits) => FetchFunction } => {
  const heldUntil = new Map<string, number>();

  const limitOf = (url: string, body: unknown): string => {
    const method = url.slice(apiUrl.length);
    if (!isOrganisation || typeof body !== 'string') return method;
    const fields = new URLSearchParams(body);
    return `${method} ${fields.get('team_id') ?? fields.get('channel') ?? ''}`;
  };

  return {
    fetch:
      ({ mostWaits, mostWaitMs }) =>
      async (target, init) => {
        const url = String(target);
        if (!url.startsWith(apiUrl)) return await fetch(url, init);
        const limit = limitOf(url, init?.body);
        const { signal = new AbortController().signal } = init ?? {};
        for (let waits = 0; ; waits++) {
          const heldMs = (heldUntil.get(limit) ?? 0) - clock.now();
          if (heldMs > 0) {
            if (waits >= mostWaits || heldMs > mostWaitMs) return refused(heldMs);
            await pause(clock, heldMs, { signal });
            continue;
          }
          heldUntil.delete(limit);
          const response = await fetch(url, init);
          if (response.status !== 429) return response;
          onRefused();
          heldUntil.set(limit, clock.now() + heldMsOf(response));
          await response.body?.cancel();
        }
      },
  };
};
