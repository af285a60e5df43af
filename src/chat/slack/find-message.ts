import { z } from 'zod';
import { pause } from '../../concurrency/pause.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { listOf, optional } from '../shared/lenient.ts';
import { isMarkedName, type Sought } from '../shared/message-marks.ts';
import { isMarked, markedMessage } from './message-marks.ts';
import { type SlackPlace, timestamp } from './place.ts';
import type { SlackCalls } from './slack-calls.ts';
import { isError } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';
import type { Uploads } from './uploads.ts';

/** Of a channel the newest, of a thread all as far as that goes. */
const pageOf = { channel: 200, thread: 999 };
const mostPages = 2;

const message = markedMessage.extend({
  ts: timestamp,
  user: optional(z.string()),
  bot_id: optional(z.string()),
});
type Message = z.output<typeof message>;

const page = z.object({
  messages: listOf(message),
  response_metadata: optional(z.object({ next_cursor: optional(z.string()) })),
});
const list = z.object({ files: listOf(z.object({ id: z.string(), name: z.string() })) });

const marked = (
  files: readonly { readonly id: string; readonly name: string }[],
  sought: Sought,
): readonly string[] => files.filter(({ name }) => isMarkedName(name, sought)).map(({ id }) => id);

/** A message of the bot, and the files that it shares. */
export type Found = { readonly ts: string; readonly files: readonly string[] };

/** Slack shares a file some time after it was told to, and lists it no sooner: so long what a process sent may come. */
const sharingMs = 5_000;
const lookEveryMs = 1_000;

/**
 * Looks for what an earlier process has sent.
 * @param options.signal once it aborts nobody waits for what is not there yet
 */
export const createFindMessage = ({
  calls,
  uploads,
  tenants,
  clock,
  signal,
}: {
  readonly calls: SlackCalls;
  readonly uploads: Pick<Uploads, 'sharedAt' | 'remove' | 'unsettled'>;
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}) => {
  const settledAt = clock.now() + sharingMs;

  /** What the bot may not look at does not tell either way. */
  const whereAllowed = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isError(error, 'missing_scope', 'not_in_channel', 'thread_not_found')) return otherwise;
      throw error;
    }
  };

  const among = async (
    { tenant, channel, thread }: SlackPlace,
    isIt: (message: Message) => boolean,
  ): Promise<Message | undefined> => {
    const [method, which, limit] =
      thread === null
        ? (['conversations.history', { channel }, pageOf.channel] as const)
        : (['conversations.replies', { channel, ts: thread }, pageOf.thread] as const);
    let cursor: string | undefined;
    for (let pages = 0; pages < mostPages; pages++) {
      const args = { ...which, limit, ...(cursor && { cursor }) };
      const { messages, response_metadata: more } = await calls.call(method, args, { tenant, schema: page });
      const found = messages.find((said) => said.ts !== thread && isIt(said));
      cursor = more?.next_cursor;
      if (found || !cursor) return found;
    }
    return undefined;
  };

  /** The bot's own files with the mark of a message, the newest hundred looked through. */
  const ownFiles = async ({ tenant, team }: SlackPlace, sought: Sought): Promise<readonly string[]> => {
    const { installation } = await tenants.clients(tenant);
    const args = { user: installation.botUserId, count: 100, ...(tenant !== team && { team_id: team }) };
    const { files } = await calls.call('files.list', args, { tenant, schema: list });
    return marked(files, sought);
  };

  /** A file that a process sent and did not see shared: it may come yet, or is taken away, so that it never does. */
  const amongFiles = async (place: SlackPlace, sought: Sought): Promise<Found | undefined> => {
    const known = marked(uploads.unsettled(), sought);
    for (const file of new Set([...known, ...(await ownFiles(place, sought))])) {
      const ts = await uploads.sharedAt(place, file);
      if (ts !== undefined) return { ts, files: [file] };
      await uploads.remove(place, [file]);
    }
    return undefined;
  };

  return {
    /**
     * @param options.sharesFiles whether such a message may be one that shares a file
     * @throws GramzoomError
     */
    find: async (
      place: SlackPlace,
      sought: Sought,
      { sharesFiles }: { readonly sharesFiles: boolean },
    ): Promise<Found | undefined> => {
      const { installation } = await tenants.clients(place.tenant);
      const isOwn = ({ user, bot_id: bot }: Message): boolean =>
        user === installation.botUserId || bot === installation.botId;
      const isIt = (said: Message): boolean => isOwn(said) && isMarked(said, sought);
      for (;;) {
        const isSettled = clock.now() >= settledAt;
        const said = await whereAllowed(() => among(place, isIt), undefined);
        if (said) return { ts: said.ts, files: (said.files ?? []).map(({ id }) => id) };
        if (!sharesFiles) return undefined;
        const found = await whereAllowed(() => amongFiles(place, sought), undefined);
        if (found || isSettled) return found;
        await pause(clock, lookEveryMs, { signal }).catch(() => {
          throw new GramzoomError('stopping', {});
        });
      }
    },
    /** Files of a message that an earlier process may have left. @throws GramzoomError */
    ownFiles: (place: SlackPlace, sought: Sought): Promise<readonly string[]> =>
      whereAllowed(() => ownFiles(place, sought), []),
    /** Whether a message is there, as far as Slack tells. @throws GramzoomError `chat-unreachable` */
    isThere: async ({ tenant, channel }: SlackPlace, ts: string): Promise<boolean> => {
      try {
        const args = { channel, ts, limit: 1 };
        const { messages } = await calls.call('conversations.replies', args, { tenant, schema: page });
        return messages.some((said) => said.ts === ts);
      } catch (error) {
        if (error instanceof GramzoomError && error.retry === 'later') throw error;
        return !(error instanceof GramzoomError && error.code === 'chat-gone');
      }
    },
  };
};

export type FindMessage = ReturnType<typeof createFindMessage>;
