import { z } from 'zod';
import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { MessageContent } from '../../domain/message.ts';
import { subjectText } from '../../domain/subject.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { MessageRef } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { readAttached } from '../shared/attached-files.ts';
import { rankOf } from '../shared/message-rank.ts';
import { ranks } from '../shared/rate-budget.ts';
import { leftOut, untilLeft } from './left.ts';
import type { ChannelMembership } from './membership.ts';
import { type Draft, draftMessage, fileName, type ShownPicture } from './message-draft.ts';
import {
  channelAndTs,
  decodeCredentials,
  encodeMessageRef,
  type MessageCredentials,
  type SlackPlace,
  timestamp,
} from './place.ts';
import type { ShownPictures } from './shown-pictures.ts';
import type { SlackCalls } from './slack-calls.ts';
import { isError } from './slack-errors.ts';
import type { NewFile, Uploads } from './uploads.ts';
import type { WriteBudget } from './write-budget.ts';

/** What is to be said, where, and as which of the subject's messages. */
export type Saying = {
  readonly place: SlackPlace;
  readonly role: string;
  readonly content: MessageContent;
  /** Once it aborts nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
};

type WriterDeps = {
  readonly calls: SlackCalls;
  readonly budget: WriteBudget;
  readonly membership: ChannelMembership;
  readonly uploads: Uploads;
  readonly pictures: ShownPictures;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly clock: Clock;
  readonly log: Pick<AppLog, 'warn'>;
};

const posted = z.object({ ts: timestamp });
const postedToOne = z.object({ message_ts: timestamp });

const inThread = ({ channel, thread }: SlackPlace) => ({
  channel,
  ...(thread !== null && { thread_ts: thread }),
});

const showsPictures = ({ body }: MessageContent): boolean => body.kind === 'progress';
const sharesFile = ({ body, attachments }: MessageContent): boolean =>
  body.kind !== 'progress' && attachments.length > 0;

/** What nobody would learn otherwise: a film has a message of its own. */
const isLastWord = ({ body }: MessageContent): boolean => body.kind === 'failed' || body.kind === 'cancelled';

/** Says, changes and takes away. */
export const createMessageWriter = (deps: WriterDeps) => {
  const { calls, budget, membership, uploads, pictures, blobs, clock, log } = deps;
  /** What is still being done although nobody waits for it. */
  const going = new Set<Promise<unknown>>();
  /** A message is written by one at a time, also by those whom nobody waits for any more. */
  const inOrder = new KeyedMutex();

  const goOn = <T>(work: Promise<T>, left: AbortSignal): Promise<T> => {
    going.add(work);
    const over = (): void => void going.delete(work);
    work.then(over, over);
    return untilLeft(work, left);
  };

  const draft = ({ place, role, content }: Saying, picture: ShownPicture | null = null): Draft =>
    draftMessage(content, { place, role, picture, now: clock.wallTime() });

  const refTo = (ts: string, { place, role, content }: Saying, files: readonly string[] = []): MessageRef => {
    const subject = showsPictures(content) && { subject: subjectText(content.subject) };
    const grant: MessageCredentials = { place, role, files: [...files], isEphemeral: false, ...subject };
    return encodeMessageRef({ channel: place.channel, ts }, grant);
  };

  /** @throws GramzoomError `result-expired`, `blob-damaged` */
  const fileOf = async ({ place, role, content }: Saying): Promise<NewFile | null> => {
    const [found] = await readAttached(content, blobs, wordsFor(place.locale));
    if (!found) return null;
    const { attachment, bytes } = found;
    const name = fileName(content, attachment.name, role);
    return { name, title: attachment.name, alt: attachment.format === 'mp4' ? null : found.alt, bytes };
  };

  const nextPicture = async (saying: Saying, left: AbortSignal): Promise<ShownPicture | null> => {
    const file = showsPictures(saying.content) ? await fileOf(saying) : null;
    const sent = file && (await uploads.picture(saying.place, file, left));
    return sent ? { file: sent, alt: file.alt ?? file.title } : null;
  };

  /** Says it with the picture; without, where Slack does not show that. */
  const showing = async <T>(
    saying: Saying,
    picture: ShownPicture | null,
    say: (drafted: Draft) => Promise<T>,
  ): Promise<{ readonly said: T; readonly picture: ShownPicture | null }> => {
    try {
      return { said: await say(draft(saying, picture)), picture };
    } catch (error) {
      if (!picture || !isError(error, 'invalid_blocks', 'invalid_blocks_format')) throw error;
      return { said: await say(draft(saying)), picture: null };
    }
  };

  const post = ({ place, content }: Saying, drafted: Draft): Promise<string> =>
    membership.within(place, async () => {
      const args = { ...inThread(place), ...drafted, unfurl_links: false, unfurl_media: false };
      const isDispensable = rankOf(content) === ranks.progress;
      const { tenant } = place;
      return (await calls.call('chat.postMessage', args, { tenant, isDispensable, schema: posted })).ts;
    });

  const sendPicture = async (saying: Saying, left: AbortSignal): Promise<MessageRef> => {
    const next = await nextPicture(saying, left);
    const drop = (): void => {
      if (next) uploads.removeLater(saying.place, [next.file]);
    };
    try {
      if (left.aborted) throw leftOut();
      const { said: ts, picture } = await showing(saying, next, (drafted) => post(saying, drafted));
      if (!picture) drop();
      const message = refTo(ts, saying);
      await pictures.show(message, picture, { isNew: true });
      // By now there may be no place for it any more.
      if (left.aborted) await remove(message);
      return message;
    } catch (error) {
      drop();
      throw error;
    }
  };

  const sendFile = async (saying: Saying): Promise<MessageRef> => {
    const file = await fileOf(saying);
    if (!file) throw new GramzoomError('result-expired', {});
    const { blocks } = draft(saying);
    const shared = await membership.within(saying.place, () => uploads.share(saying.place, { file, blocks }));
    return refTo(shared.ts, saying, [shared.file]);
  };

  const sendToOne = async (saying: Saying): Promise<MessageRef> => {
    const { place, role } = saying;
    const args = { ...inThread(place), ...draft(saying), user: place.user };
    const manner = { tenant: place.tenant, isDispensable: true, schema: postedToOne };
    const { message_ts: ts } = await calls.call('chat.postEphemeral', args, manner);
    return encodeMessageRef({ channel: place.channel, ts }, { place, role, files: [], isEphemeral: true });
  };

  const send = (saying: Saying, left: AbortSignal): Promise<MessageRef> => {
    const { content } = saying;
    if (content.isNotice) return sendToOne(saying);
    if (showsPictures(content)) return sendPicture(saying, left);
    if (sharesFile(content)) return sendFile(saying);
    return post(saying, draft(saying)).then((ts) => refTo(ts, saying));
  };

  /** Some workspaces let nobody change a message once it is old. */
  const instead = async (message: MessageRef, saying: Saying): Promise<void> => {
    const { place } = saying;
    if (isLastWord(saying.content))
      await post(
        { ...saying, place: { ...place, thread: place.thread ?? channelAndTs(message).ts } },
        draft(saying),
      );
  };

  const update = async (message: MessageRef, saying: Saying, drafted: Draft): Promise<void> => {
    const { tenant } = saying.place;
    const isDispensable = rankOf(saying.content) !== ranks.final;
    try {
      await calls.call('chat.update', { ...channelAndTs(message), ...drafted }, { tenant, isDispensable });
    } catch (error) {
      if (!isError(error, 'edit_window_closed')) throw error;
      await instead(message, saying);
    }
  };

  const editPicture = async (message: MessageRef, saying: Saying, left: AbortSignal): Promise<void> => {
    const next = await nextPicture(saying, left);
    const before = pictures.shown(message);
    try {
      if (left.aborted) throw leftOut();
      const say = (drafted: Draft) => update(message, saying, drafted);
      const { picture } = await showing(saying, next ?? before, say);
      await pictures.show(message, picture);
      if (next && !picture) uploads.removeLater(saying.place, [next.file]);
    } catch (error) {
      if (next) uploads.removeLater(saying.place, [next.file]);
      throw error;
    }
  };

  const edit = async (message: MessageRef, saying: Saying, left: AbortSignal): Promise<void> => {
    const { files } = decodeCredentials(message);
    if (showsPictures(saying.content)) return await editPicture(message, saying, left);
    // Slack puts no file into a message that is there.
    if (sharesFile(saying.content) && files.length === 0)
      throw new GramzoomError('chat-refused', { platform: 'Slack', reason: 'other' });
    await update(message, saying, draft(saying));
    if (!sharesFile(saying.content)) await uploads.remove(saying.place, files);
  };

  const remove = async (message: MessageRef): Promise<void> => {
    const { place, files } = decodeCredentials(message);
    const { tenant } = place;
    try {
      await calls.call('chat.delete', { ...channelAndTs(message) }, { tenant });
    } catch (error) {
      if (!(error instanceof GramzoomError) || error.code !== 'chat-gone') throw error;
    }
    await uploads.remove(place, files);
    await pictures.remove(message).catch((error: unknown) => {
      log.warn('slack: pictures on the way may be left as files', { error });
    });
  };

  return {
    /** @throws GramzoomError as `translateError` has it */
    send: (saying: Saying): Promise<MessageRef> => {
      const writing = { place: saying.place, rank: rankOf(saying.content), signal: saying.signal };
      return budget.post(writing, (left) => goOn(send(saying, left), left));
    },
    /** @throws GramzoomError as `translateError` has it */
    edit: async (
      message: MessageRef,
      content: MessageContent,
      { signal }: { readonly signal?: AbortSignal | undefined } = {},
    ): Promise<void> => {
      const { place, role, isEphemeral } = decodeCredentials(message);
      if (isEphemeral) return;
      const saying = { place, role, content, signal };
      await budget.update({ place, rank: rankOf(content), signal }, (left) => {
        const inTurn = async (): Promise<void> => {
          if (left.aborted) throw leftOut();
          await edit(message, saying, left);
        };
        return goOn(inOrder.run(message.ref, inTurn), left);
      });
    },
    /** Harmless where it is gone. @throws GramzoomError as `translateError` has it */
    remove: async (message: MessageRef): Promise<void> => {
      if (decodeCredentials(message).isEphemeral) return;
      await inOrder.run(message.ref, () => remove(message));
    },
    /** Waits for what is in flight. */
    settled: async (): Promise<void> => void (await Promise.allSettled(going)),
  };
};

export type MessageWriter = ReturnType<typeof createMessageWriter>;
