import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { MessageContent } from '../../domain/message.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { rankOf } from '../shared/message-rank.ts';
import {
  createMessageRequests,
  type MessageRequestDeps,
  type Saying,
  showsPictures,
} from './message-requests.ts';
import type { People } from './people.ts';
import { createPictureMessages } from './picture-messages.ts';
import { channelAndTs, decodeCredentials } from './place.ts';
import type { ShownPictures } from './shown-pictures.ts';
import { leftOut, untilLeft } from './until-left.ts';
import type { WriteBudget } from './write-budget.ts';

type WriterDeps = MessageRequestDeps & {
  readonly budget: WriteBudget;
  readonly pictures: ShownPictures;
  readonly people: People;
};

/** A message does not wait longer for a name. */
const nameWithinMs = 1_000;

const sharesFile = (content: MessageContent): boolean =>
  !showsPictures(content) && content.attachments.length > 0;

/** Says, changes and takes away. */
export const createMessageWriter = (deps: WriterDeps) => {
  const { calls, budget, uploads, pictures, people, log } = deps;
  const requests = createMessageRequests(deps);
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

  const messages = createPictureMessages({ requests, uploads, pictures, remove });

  /** An answer in a channel is the bot's own message, by which nobody could tell who asked. */
  const withName = async (saying: Saying): Promise<Saying> => {
    const { place, role } = saying;
    if (role !== 'answer' || place.isDirect) return saying;
    const { name } = await people.of(place, { withinMs: nameWithinMs });
    return { ...saying, askedBy: name };
  };

  const post = async (saying: Saying): Promise<MessageRef> => {
    const named = await withName(saying);
    return requests.refTo(await requests.post(named, requests.draft(named)), named);
  };

  const send = (saying: Saying, left: AbortSignal): Promise<MessageRef> => {
    const { content } = saying;
    if (content.isNotice) return requests.sendToOne(saying);
    if (showsPictures(content)) return messages.send(saying, left);
    if (sharesFile(content)) return requests.sendFile(saying);
    return post(saying);
  };

  const edit = async (message: MessageRef, saying: Saying, left: AbortSignal): Promise<void> => {
    const { files } = decodeCredentials(message);
    if (showsPictures(saying.content)) return await messages.edit(message, saying, left);
    // Slack puts no file into a message that is there.
    if (sharesFile(saying.content) && files.length === 0)
      throw new GramzoomError('chat-refused', { platform: 'Slack', reason: 'other' });
    await requests.update(message, saying, requests.draft(await withName(saying)));
    if (!sharesFile(saying.content)) await uploads.remove(saying.place, files);
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
