import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import { createFileStatus } from './file-status.ts';
import type { ChannelMembership } from './membership.ts';
import type { SlackPlace } from './place.ts';
import type { SlackCalls } from './slack-calls.ts';
import { isError, translateError } from './slack-errors.ts';
import type { WriteBudget } from './write-budget.ts';

/** The bytes of a film, and of a picture on the way, have so long to arrive. */
const filmMs = 60_000;
const pictureMs = 10_000;
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
/** `left`: of what nobody would miss, once it aborts nobody waits for it any more. */
type SendLimits = { readonly withinMs: number; readonly left?: AbortSignal };

/** The request may have been carried out all the same. */
const isUnclear = (error: unknown): boolean => translateError(error).retry === 'later';

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
  const status = createFileStatus({ calls, budget, clock, signal: ended.signal });
  const lineLimit = createLineLimit(clock);
  const leaving = new Set<Promise<void>>();
  /** Files to be shared of which it is not known whether they are; their names. */
  const unsettled = new Map<string, string>();

  const postBytes = async (
    address: string,
    bytes: Uint8Array,
    { withinMs, left }: Required<SendLimits>,
  ): Promise<void> => {
    const late = new AbortController();
    const timer = clock.after(withinMs, () => late.abort());
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes as Uint8Array<ArrayBuffer>,
        signal: AbortSignal.any([late.signal, ended.signal, left]),
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

  /** Sends the bytes of a file, which may have arrived although Slack says nothing or something else. */
  const send = async (
    { tenant }: SlackPlace,
    { name, alt, bytes }: NewFile,
    { withinMs, left }: SendLimits,
  ): Promise<string> => {
    const isDispensable = left !== undefined;
    const about = alt === null ? {} : { alt_txt: [...alt].slice(0, mostAltLetters).join('') };
    const { upload_url: address, file_id: file } = await calls.call(
      'files.getUploadURLExternal',
      { filename: name, length: bytes.byteLength, ...about },
      { tenant, isDispensable, schema: reserved, bytes: bytes.byteLength },
    );
    try {
      await postBytes(address, bytes, { withinMs, left: left ?? ended.signal });
    } catch (error) {
      if (!isUnclear(error) || ended.signal.aborted) throw error;
    }
    return file;
  };

  /** Takes files away; harmless where they are gone. @throws GramzoomError */
  const remove = async ({ tenant }: Pick<SlackPlace, 'tenant'>, files: readonly string[]): Promise<void> => {
    for (const file of files) {
      try {
        await calls.call('files.delete', { file }, { tenant });
      } catch (error) {
        if (!(error instanceof GramzoomError) || error.code !== 'chat-gone') throw error;
      }
      unsettled.delete(file);
    }
  };

  /** The same where nobody waits for it. */
  const removeLater = (place: Pick<SlackPlace, 'tenant'>, files: readonly string[]): void => {
    const removing = remove(place, files)
      .catch((error: unknown) => log.warn('slack: failed to remove a file that nobody sees', { error }))
      .finally(() => leaving.delete(removing));
    leaving.add(removing);
  };

  const sharedAt = async (place: SlackPlace, file: string): Promise<string | undefined> => {
    const ts = await status.sharedAt(place, file);
    if (ts !== undefined) unsettled.delete(file);
    return ts;
  };

  const shareOnce = async (
    place: SlackPlace,
    file: NewFile,
    blocks: readonly KnownBlock[],
  ): Promise<{ readonly file: string; readonly ts: string | undefined }> => {
    const { tenant, channel, thread } = place;
    const sent = await send(place, file, { withinMs: filmMs });
    unsettled.set(sent, file.name);
    const there = { channel_id: channel, ...(thread !== null && { thread_ts: thread }), blocks };
    const args = { files: [{ id: sent, title: file.title }], ...there };
    try {
      await calls.call('files.completeUploadExternal', args, { tenant }).catch((error: unknown) => {
        if (!isUnclear(error)) throw error;
      });
      return { file: sent, ts: await sharedAt(place, sent) };
    } catch (error) {
      // Without its bytes it is no file; and blocks that Slack does not take there are put in afterwards.
      if (isError(error, 'file_not_found', 'invalid_blocks')) return { file: sent, ts: undefined };
      // Where it cannot be told whether it is shared it would come again elsewhere.
      if (!isUnclear(error)) removeLater(place, [sent]);
      throw error;
    }
  };

  return {
    /**
     * Shares a file with its message and waits until it is there: Slack does so later, and sometimes never. What is
     * not shared is taken back before it is sent anew, so that it does not come twice; each time with less of what may
     * be the reason: a description makes Slack drop some files without a word.
     * @returns `isWhole`: false where all blocks but the first are still to be put in
     * @throws GramzoomError as `translateError` has it
     */
    share: async (
      place: SlackPlace,
      { file, blocks }: { readonly file: NewFile; readonly blocks: readonly KnownBlock[] },
    ): Promise<{ readonly file: string; readonly ts: string; readonly isWhole: boolean }> => {
      for (let uploads = 1; ; uploads++) {
        const isWhole = uploads < mostUploads;
        const described = uploads === 1 ? file : { ...file, alt: null };
        const shared = await shareOnce(place, described, isWhole ? blocks : blocks.slice(0, 1));
        if (shared.ts !== undefined) return { file: shared.file, ts: shared.ts, isWhole };
        await remove(place, [shared.file]);
        log.warn('slack: a file was never shared', { channel: place.channel, file: shared.file, uploads });
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
        sent = await send(place, file, { withinMs: pictureMs, left });
        const args = { files: [{ id: sent, title: file.title }] };
        const manner = { tenant: place.tenant, isDispensable: true };
        if (!left.aborted) await calls.call('files.completeUploadExternal', args, manner);
        if (await status.isProcessed(place, sent, left)) return sent;
      } catch (error) {
        if (!ended.signal.aborted && lineLimit('picture') !== null)
          log.warn('slack: a picture on the way could not be sent', { error });
      }
      if (sent !== null) removeLater(place, [sent]);
      return null;
    },
    /** Where a file is shared; undefined where it is not, and will not be. @throws GramzoomError */
    sharedAt,
    /** Files that were to be shared and of which it is not known whether they are. */
    unsettled: (): readonly { readonly id: string; readonly name: string }[] =>
      [...unsettled].map(([id, name]) => ({ id, name })),
    remove,
    removeLater,
    /** Waits for nothing any more that Slack does later. */
    stop: (): void => ended.abort(),
    /** Waits for what is in flight. */
    settled: async (): Promise<void> => void (await Promise.all(leaving)),
  };
};

export type Uploads = ReturnType<typeof createUploads>;
