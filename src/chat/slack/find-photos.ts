import { pause } from '../../concurrency/pause.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { type MentionEvent, readHistory, type SlackFile, type WrittenMessage } from './events.ts';
import { photosIn } from './photos.ts';
import type { SlackPhoto } from './place.ts';
import { isError } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';

/** The photos that a message is about. */
export type FoundPhotos = {
  readonly photos: readonly SlackPhoto[];
  /** The person who wrote the message that they are in; null where that is whoever asks, or not known. */
  readonly author: string | null;
  /** A file that was meant and is no photo. */
  readonly other: SlackFile | null;
};

/** After which a message is asked for again that Slack has told of and does not give yet. */
const pausesMs = [500, 1_000, 2_000];

/** Asking again is of no use, or makes it worse. */
const final = ['missing_scope', 'not_in_channel', 'channel_not_found', 'thread_not_found', 'ratelimited'];

type Looked = { readonly own: WrittenMessage | undefined; readonly parent: WrittenMessage | undefined };

const inFiles = (files: readonly SlackFile[], author: string | null): FoundPhotos => {
  const photos = photosIn(files);
  return { photos, author, other: photos.length === 0 ? (files[0] ?? null) : null };
};

const personIn = ({ user, bot_id: bot }: WrittenMessage): string | null =>
  bot === undefined ? (user ?? null) : null;

/**
 * Finds the photos that somebody's message is about: its own, which Slack leaves out of some events, else those of the
 * message at the head of the thread that it is in. Throws nothing but
 * `stopping`.
 * @param options.signal ends waiting for Slack
 */
export const createFindPhotos = ({
  tenants,
  clock,
  signal,
}: {
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}) => {
  const lookUp = async (
    { channel, ts, thread_ts: thread }: MentionEvent,
    tenant: string,
  ): Promise<Looked> => {
    const { answers } = await tenants.clients(tenant);
    const { conversations } = answers;
    const one = async (at: string): Promise<WrittenMessage | undefined> => {
      const page = { channel, oldest: at, latest: at, inclusive: true, limit: 1 };
      return readHistory(await conversations.history(page)).messages.find((message) => message.ts === at);
    };
    if (thread === undefined || thread === ts) return { own: await one(ts), parent: undefined };
    const page = { channel, ts: thread, oldest: ts, latest: ts, inclusive: true, limit: 2 };
    const { messages } = readHistory(await conversations.replies(page));
    const parent = messages.find((message) => message.ts === thread) ?? (await one(thread));
    return { own: messages.find((message) => message.ts === ts), parent };
  };

  const wait = async (pauseMs: number): Promise<void> => {
    try {
      await pause(clock, pauseMs, { signal });
    } catch (cause) {
      throw new GramzoomError('stopping', {}, { cause });
    }
  };

  const lookUpWithRetries = async (event: MentionEvent, tenant: string): Promise<Looked> => {
    for (const pauseMs of [...pausesMs, null]) {
      try {
        const looked = await lookUp(event, tenant);
        if (looked.own || looked.parent) return looked;
      } catch (error) {
        if (isError(error, ...final)) break;
      }
      if (pauseMs !== null) await wait(pauseMs);
    }
    return { own: undefined, parent: undefined };
  };

  return async (event: MentionEvent, { tenant }: { readonly tenant: string }): Promise<FoundPhotos> => {
    if (event.files.length > 0) return inFiles(event.files, null);
    const { own, parent } = await lookUpWithRetries(event, tenant);
    if (own && own.files.length > 0) return inFiles(own.files, null);
    const author = parent ? personIn(parent) : null;
    return inFiles(parent?.files ?? [], author === event.user ? null : author);
  };
};
