import { z } from 'zod';
import { pause } from '../../concurrency/pause.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { optional, recordOf } from '../shared/lenient.ts';
import { type Rank, ranks } from '../shared/rate-budget.ts';
import type { SlackPlace } from './place.ts';
import type { SlackCalls } from './slack-calls.ts';
import { isError } from './slack-errors.ts';
import type { WriteBudget } from './write-budget.ts';

/** How long Slack takes to share a file, in looks: some 20 s; to process a picture some 5 s. */
const sharedAfterMs = [300, 500, 1000, 1000, 2000, 2000, 3000, 5000, 5000];
const processedAfterMs = [300, 500, 1000, 1000, 2000];

const share = z.object({ ts: z.string(), thread_ts: optional(z.string()) });
const shares = recordOf(z.array(share));
const info = z.object({
  file: z.object({
    mimetype: optional(z.string()),
    shares: optional(z.object({ public: optional(shares), private: optional(shares) })),
  }),
});
type Info = z.output<typeof info>['file'];

/** Where a file is in a channel, in a thread of it or not. */
const shareIn = ({ shares: all }: Info, { channel, thread }: SlackPlace): string | undefined => {
  const there = [...(all?.public?.[channel] ?? []), ...(all?.private?.[channel] ?? [])];
  return there.find(({ thread_ts: of }) => (of ?? null) === thread)?.ts ?? there[0]?.ts;
};

/** What becomes of files that the bot has sent, which Slack settles later. */
export const createFileStatus = ({
  calls,
  budget,
  clock,
  signal,
}: {
  readonly calls: SlackCalls;
  readonly budget: Pick<WriteBudget, 'lookUp'>;
  readonly clock: Clock;
  /** Once it aborts nothing is waited for. */
  readonly signal: AbortSignal;
}) => {
  const look = async (place: SlackPlace, file: string, rank: Rank): Promise<Info> => {
    const manner = { tenant: place.tenant, isDispensable: rank !== ranks.final, schema: info };
    const asked = () => calls.call('files.info', { file }, manner);
    try {
      return (await budget.lookUp({ place, rank }, asked)).file;
    } catch (error) {
      if (isError(error, 'file_not_found', 'file_deleted')) return {};
      throw error;
    }
  };

  /** Looks at a file until it is as it should be; undefined where it is not at the last look. */
  const lookUntil = async <T>(
    found: (file: Info) => T | undefined,
    looking: () => Promise<Info>,
    afterMs: readonly number[],
  ): Promise<T | undefined> => {
    for (const delayMs of afterMs) {
      const result = found(await looking());
      if (result !== undefined) return result;
      await pause(clock, delayMs, { signal }).catch(() => {
        throw new GramzoomError('stopping', {});
      });
    }
    return found(await looking());
  };

  return {
    /**
     * Where a file is shared; undefined where it is not, and will not be.
     * @throws GramzoomError as `translateError` has it, `stopping`
     */
    sharedAt: async (place: SlackPlace, file: string): Promise<string | undefined> => {
      const looking = () => look(place, file, ranks.final);
      return await lookUntil((looked) => shareIn(looked, place), looking, sharedAfterMs);
    },
    /**
     * Whether messages can show a picture.
     * @param left nobody waits for it any more
     * @throws GramzoomError as `translateError` has it, `stopping`
     */
    isProcessed: async (place: SlackPlace, file: string, left: AbortSignal): Promise<boolean> => {
      const looking = () => look(place, file, ranks.progress);
      const found = await lookUntil(
        ({ mimetype = '' }) => left.aborted || mimetype !== '' || undefined,
        looking,
        processedAfterMs,
      );
      return found === true && !left.aborted;
    },
  };
};
