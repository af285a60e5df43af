import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { BlobId } from '../../domain/job.ts';
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
import type { ChannelMembership } from './membership.ts';
import { type Draft, draftMessage, fileName, type ShownPicture } from './message-draft.ts';
import {
  channelAndTs,
  encodeMessageRef,
  type MessageCredentials,
  type SlackPlace,
  timestamp,
} from './place.ts';
import { shownBlob } from './shown-blob.ts';
import type { SlackCalls } from './slack-calls.ts';
import { isError } from './slack-errors.ts';
import type { NewFile, Uploads } from './uploads.ts';

/** What is to be said, where, and as which of the subject's messages. */
export type Saying = {
  readonly place: SlackPlace;
  readonly role: string;
  readonly content: MessageContent;
  /** The name of whoever asked, where others may wonder whose it is. */
  readonly askedBy?: string | null;
  /** Once it aborts nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
};

export type MessageRequestDeps = {
  readonly calls: SlackCalls;
  readonly membership: ChannelMembership;
  readonly uploads: Uploads;
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

/**
 * Whether a message shows pictures in it that may change, rather than share the one file that it is about: how far a
 * render is, and what is said about a contest, but for the film of a winner.
 */
export const showsPictures = ({ body }: MessageContent): boolean =>
  body.kind === 'progress' || (body.kind === 'contest' && body.post.kind !== 'winner');

/** What nobody would learn otherwise: a film has a message of its own. */
const isLastWord = ({ body }: MessageContent): boolean => body.kind === 'failed' || body.kind === 'cancelled';

/** A picture of a message as it is sent. */
export type NewPicture = { readonly blob: BlobId; readonly file: NewFile };

/** The requests that messages are made of. */
export const createMessageRequests = ({
  calls,
  membership,
  uploads,
  blobs,
  clock,
  log,
}: MessageRequestDeps) => {
  const draft = (
    { place, role, content, askedBy = null }: Saying,
    pictures: readonly ShownPicture[] = [],
  ): Draft => draftMessage(content, { place, role, askedBy, pictures, now: clock.wallTime() });

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

  /** The pictures in a message, as far as they are there and Slack shows them. @throws GramzoomError `blob-damaged` */
  const picturesOf = async ({ place, role, content }: Saying): Promise<readonly NewPicture[]> => {
    const { body, attachments } = content;
    // Among several nothing moves: Slack loads them all.
    const moves = attachments.length === 1;
    const shown = attachments.flatMap((attachment) => {
      const blob = shownBlob(attachment, { moves });
      return blob === null ? [] : [{ ...attachment, blob }];
    });
    const found = await readAttached({ body, attachments: shown }, blobs, wordsFor(place.locale));
    return found.map(({ attachment, alt, bytes }) => ({
      blob: attachment.blob,
      file: { name: fileName(content, attachment.name, role), title: attachment.name, alt, bytes },
    }));
  };

  const post = ({ place, content }: Saying, drafted: Draft): Promise<string> =>
    membership.within(place, async () => {
      const args = { ...inThread(place), ...drafted, unfurl_links: false, unfurl_media: false };
      const isDispensable = rankOf(content) === ranks.progress;
      const { tenant } = place;
      return (await calls.call('chat.postMessage', args, { tenant, isDispensable, schema: posted })).ts;
    });

  const sendToOne = async (saying: Saying): Promise<MessageRef> => {
    const { place, role } = saying;
    const args = { ...inThread(place), ...draft(saying), user: place.user };
    const manner = { tenant: place.tenant, isDispensable: true, schema: postedToOne };
    const { message_ts: ts } = await calls.call('chat.postEphemeral', args, manner);
    return encodeMessageRef({ channel: place.channel, ts }, { place, role, files: [], isEphemeral: true });
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

  const sendFile = async (saying: Saying): Promise<MessageRef> => {
    const file = await fileOf(saying);
    if (!file) throw new GramzoomError('result-expired', {});
    const drafted = draft(saying);
    const share = () => uploads.share(saying.place, { file, blocks: drafted.blocks });
    const shared = await membership.within(saying.place, share);
    const message = refTo(shared.ts, saying, [shared.file]);
    if (!shared.isWhole) {
      await update(message, saying, drafted).catch((error: unknown) =>
        log.warn('slack: a film has no buttons', { error }),
      );
    }
    return message;
  };

  return {
    draft,
    /** A message that was sent. */
    refTo,
    picturesOf,
    /** Says it, and gives when: @returns the message's id within its channel */
    post,
    /** Says it with the file that it is about. */
    sendFile,
    /** Says it to whoever reacted, alone. */
    sendToOne,
    update,
  };
};

export type MessageRequests = ReturnType<typeof createMessageRequests>;
