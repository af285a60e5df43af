import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { pause } from '../../concurrency/pause.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import { optional, recordOf } from '../shared/lenient.ts';
import { type Rank, ranks } from '../shared/rate-budget.ts';
import type { ChannelMembership } from './membership.ts';
import type { SlackPlace } from './place.ts';
import type { SlackCalls } from './slack-calls.ts';
import { isError, translateError } from './slack-errors.ts';
import type { WriteBudget } from './write-budget.ts';

/** The bytes of a film have so long to arrive. */
const postMs = 60_000;
/** How long it takes until Slack has processed or shared a file, in looks: some 20 s. Of a picture, some 5 s. */
const sharedAfterMs = [300, 500, 1000, 1000, 2000, 2000, 3000, 5000, 5000];
const readyAfterMs = [300, 500, 1000, 1000, 2000];
/** How often a file that was never shared is sent anew. */
const mostUploads = 3;
const mostAltLetters = 1000;

export type NewFile = {
  /** As people see it, with the mark of its message. */
  readonly name: string;
  readonly title: string;
  /** What a picture shows; null for what is none. */
  readonly alt: string | null;
  readonly bytes: Uint8Array;
};

const reserved = z.object({ upload_url: z.url(), file_id: z.string() });
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

/** The request may have been carried out all the same. */
const isUnclear = (error: unknown): boolean => translateError(error).code === 'chat-unreachable';

const unreachable = (reason: string, cause?: unknown): GramzoomError =>
  new GramzoomError('chat-unreachable', { platform: 'Slack', reason }, { cause });

/** Files that the bot sends, in Slack's three steps: an address, the bytes, and what becomes of them. */
export const createUploads = ({
  calls,
  budget,
  membership,
  clock,
  log,
}: {
  readonly calls: SlackCalls;
  readonly budget: Pick<WriteBudget, 'lookUp'>;
  readonly membership: ChannelMembership;
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
}) => {
  const ended = new AbortController();
  const lineLimit = createLineLimit(clock);
  const leaving = new Set<Promise<void>>();

  const postBytes = async (address: string, bytes: Uint8Array): Promise<void> => {
    const late = new AbortController();
    const timer = clock.after(postMs, () => late.abort());
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes as Uint8Array<ArrayBuffer>,
        signal: AbortSignal.any([late.signal, ended.signal]),
      });
      await response.body?.cancel();
      if (response.status === 413) throw new GramzoomError('file-too-large', { bytes: bytes.byteLength });
      if (response.status !== 200) throw unreachable(`upload: status ${response.status}`);
    } catch (error) {
      if (error instanceof GramzoomError) throw error;
      throw unreachable('upload: the bytes were not taken in time', error);
    } finally {
      timer.cancel();
    }
  };

  /** Sends the bytes. `isThere`: false where it is not known whether they have arrived. */
  const send = async (
    { tenant }: SlackPlace,
    { name, alt, bytes }: NewFile,
    { isDispensable }: { readonly isDispensable: boolean },
  ): Promise<{ readonly file: string; readonly isThere: boolean }> => {
    const about = alt === null ? {} : { alt_txt: [...alt].slice(0, mostAltLetters).join('') };
    const { upload_url: address, file_id: file } = await calls.call(
      'files.getUploadURLExternal',
      { filename: name, length: bytes.byteLength, ...about },
      { tenant, isDispensable, schema: reserved },
    );
    try {
      await postBytes(address, bytes);
      return { file, isThere: true };
    } catch (error) {
      if (!isUnclear(error) || ended.signal.aborted) throw error;
      return { file, isThere: false };
    }
  };

  const look = async (place: SlackPlace, file: string, rank: Rank): Promise<Info> => {
    const isDispensable = rank !== ranks.final;
    const { tenant } = place;
    const asked = () => calls.call('files.info', { file }, { tenant, isDispensable, schema: info });
    return (await budget.lookUp({ place, rank }, asked)).file;
  };

  /** Looks at a file until it is as it should be; undefined where it is not after the last look. */
  const lookUntil = async <T>(
    found: (file: Info) => T | undefined,
    looking: () => Promise<Info>,
    afterMs: readonly number[],
  ): Promise<T | undefined> => {
    for (const delayMs of afterMs) {
      const result = found(await looking());
      if (result !== undefined) return result;
      await pause(clock, delayMs, { signal: ended.signal }).catch(() => {
        throw new GramzoomError('stopping', {});
      });
    }
    return found(await looking());
  };

  /** Takes files away; harmless where they are gone. @throws GramzoomError */
  const remove = async ({ tenant }: Pick<SlackPlace, 'tenant'>, files: readonly string[]): Promise<void> => {
    for (const file of files) {
      try {
        await calls.call('files.delete', { file }, { tenant });
      } catch (error) {
        if (!isError(error, 'file_not_found', 'file_deleted')) throw error;
      }
    }
  };

  /** The same where nobody waits for it. */
  const removeLater = (place: Pick<SlackPlace, 'tenant'>, files: readonly string[]): void => {
    const removing = remove(place, files)
      .catch((error: unknown) => log.warn('slack: failed to remove a file that nobody sees', { error }))
      .finally(() => leaving.delete(removing));
    leaving.add(removing);
  };

  /**
   * Where a file is; waits for a moment where it is not shared yet. Undefined where it is nowhere.
   * @throws GramzoomError
   */
  const sharedAt = async (place: SlackPlace, file: string): Promise<string | undefined> => {
    const looking = async (): Promise<Info> => {
      try {
        return await look(place, file, ranks.final);
      } catch (error) {
        if (isError(error, 'file_not_found', 'file_deleted')) return {};
        throw error;
      }
    };
    return await lookUntil((looked) => shareIn(looked, place), looking, sharedAfterMs);
  };

  const shareOnce = async (
    place: SlackPlace,
    { file: { alt, ...file }, blocks }: { readonly file: NewFile; readonly blocks: readonly KnownBlock[] },
    { withAlt }: { readonly withAlt: boolean },
  ): Promise<{ readonly file: string; readonly ts: string | undefined }> => {
    const { tenant, channel, thread } = place;
    const sent = await send(place, { ...file, alt: withAlt ? alt : null }, { isDispensable: false });
    const there = { channel_id: channel, ...(thread !== null && { thread_ts: thread }), blocks };
    const args = { files: [{ id: sent.file, title: file.title }], ...there };
    try {
      await calls.call('files.completeUploadExternal', args, { tenant });
    } catch (error) {
      // Without its bytes it is no file, and nothing is shared.
      if (!sent.isThere && isError(error, 'file_not_found')) return { file: sent.file, ts: undefined };
      if (!isUnclear(error)) {
        removeLater(place, [sent.file]);
        throw error;
      }
    }
    try {
      return { file: sent.file, ts: await sharedAt(place, sent.file) };
    } catch (error) {
      // Where it cannot be told it would come again elsewhere.
      if (!isUnclear(error)) removeLater(place, [sent.file]);
      throw error;
    }
  };

  return {
    /**
     * Shares a file with its message and waits until it is there: Slack does so later, and sometimes never. What is
     * not shared is taken back before it is sent anew, so that it does not come twice.
     * @throws GramzoomError as `translateError` has it
     */
    share: async (
      place: SlackPlace,
      saying: { readonly file: NewFile; readonly blocks: readonly KnownBlock[] },
    ): Promise<{ readonly file: string; readonly ts: string }> => {
      for (let uploads = 1; ; uploads++) {
        // A description makes Slack drop some files without a word.
        const { file, ts } = await shareOnce(place, saying, { withAlt: uploads === 1 });
        if (ts !== undefined) return { file, ts };
        await remove(place, [file]);
        log.warn('slack: a file was never shared', { channel: place.channel, file, uploads });
        if (uploads === mostUploads) throw unreachable('a file was never shared');
        await membership.ensure(place);
      }
    },
    /**
     * Sends a picture that messages can show. Throws nothing: it is left out where it cannot be had in time.
     * @param left nobody waits for it any more
     */
    picture: async (place: SlackPlace, file: NewFile, left: AbortSignal): Promise<string | null> => {
      let sent: string | null = null;
      try {
        const upload = await send(place, file, { isDispensable: true });
        sent = upload.file;
        const { tenant } = place;
        const args = { files: [{ id: sent, title: file.title }] };
        await calls.call('files.completeUploadExternal', args, { tenant, isDispensable: true });
        const isReady = await lookUntil(
          ({ mimetype = '' }) => left.aborted || mimetype !== '' || undefined,
          () => look(place, sent ?? '', ranks.progress),
          readyAfterMs,
        );
        if (isReady && !left.aborted) return sent;
      } catch (error) {
        if (!ended.signal.aborted && lineLimit('picture') !== null)
          log.warn('slack: a picture on the way could not be sent', { error });
      }
      if (sent !== null) removeLater(place, [sent]);
      return null;
    },
    sharedAt,
    remove,
    removeLater,
    /** Waits for nothing any more that Slack does later. */
    stop: (): void => ended.abort(),
    /** Waits for what is in flight. */
    settled: async (): Promise<void> => void (await Promise.all(leaving)),
  };
};

export type Uploads = ReturnType<typeof createUploads>;
