import { RESTJSONErrorCodes as Code, Routes } from 'discord.js';
import { GramzoomError } from '../../domain/errors.ts';
import type { MessageContent } from '../../domain/message.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { rankOf } from '../shared/message-rank.ts';
import { ranks } from '../shared/rate-budget.ts';
import { createInOpenThread } from './archived-thread.ts';
import type { Manner } from './discord-calls.ts';
import { isNotFound, isRefusal, isTokenDead, translated, translateError } from './discord-errors.ts';
import { type Draft, nonceOf } from './message-draft.ts';
import { type MessageDeps, sendFitting } from './render-message.ts';
import {
  channelAndMessage,
  decodeCredentials,
  type InteractionRef,
  type MessageAt,
  type MessageCredentials,
  tokenExpiry,
} from './reply-context.ts';

type Rewriting = {
  readonly at: MessageAt;
  readonly grant: MessageCredentials;
  readonly content: MessageContent;
  /** Once it aborts nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
};

const gone = (): GramzoomError => new GramzoomError('chat-gone', { platform: 'Discord' });

/** What nobody would learn otherwise: a film has a message of its own. */
const isLastWord = ({ body }: MessageContent): boolean => body.kind === 'failed' || body.kind === 'cancelled';

/** Changes and removes what was said. */
export const createEditMessage = (deps: MessageDeps) => {
  const { calls, budget, clock, strays, log } = deps;
  const inOpenThread = createInOpenThread(calls);
  /** What each message shall say in the end, while it is being written. */
  const newest = new Map<string, Rewriting>();

  /** How to name a message to an interaction's webhook; undefined where that is closed. */
  const webhookOf = (
    { place: { interaction }, via }: MessageCredentials,
    { message }: MessageAt,
  ): { readonly interaction: InteractionRef; readonly id: string } | undefined => {
    if (via === 'bot' || !interaction || clock.wallTime() >= tokenExpiry(interaction)) return undefined;
    return { interaction, id: via === 'answer' ? '@original' : message };
  };

  const say = <T>(
    { grant: { place, role }, content }: Rewriting,
    send: (draft: Draft) => Promise<T>,
    { isNew = false }: { readonly isNew?: boolean } = {},
  ): Promise<T> => {
    const { mentionsRequester } = content;
    return sendFitting(deps, content, { place, role, mentionsRequester, isNew, say: send });
  };

  /** A message that is old and was edited often cannot be edited any more. */
  const saySeparately = async (rewriting: Rewriting): Promise<void> => {
    const { at, content } = rewriting;
    const options = { nonce: nonceOf(at.message, JSON.stringify(content)), replyTo: at.message };
    await say(rewriting, (draft) => calls.post(at.channel, draft, options), { isNew: true });
  };

  const mannerOf = ({ content, signal }: Rewriting): Manner => ({
    signal,
    isDispensable: rankOf(content) === ranks.progress,
  });

  const editAsBot = async (rewriting: Rewriting, signal: AbortSignal): Promise<void> => {
    const { at, content } = rewriting;
    const manner = { ...mannerOf(rewriting), signal };
    try {
      await say(rewriting, (draft) => inOpenThread(at.channel, () => calls.edit(at, draft, manner)));
    } catch (error) {
      if (!isRefusal(error, Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached)) throw error;
      if (isLastWord(content)) await saySeparately(rewriting);
    }
  };

  const edit = async (rewriting: Rewriting): Promise<void> => {
    const { at, grant, content } = rewriting;
    const webhook = webhookOf(grant, at);
    const { isGuest } = grant.place;
    if (webhook) {
      const { interaction, id } = webhook;
      try {
        await say(rewriting, (draft) => calls.editAnswer(interaction, draft, { id, ...mannerOf(rewriting) }));
        return;
      } catch (error) {
        // The bot itself may find what the token does not open; of the message it knows no more than that does.
        const isOpen = isNotFound(error) && !isRefusal(error, Code.UnknownMessage);
        if (isGuest || !(isTokenDead(error) || isOpen)) throw error;
      }
    }
    if (isGuest) throw gone();
    const owner = grant.place.user;
    const turn = { channel: at.channel, rank: rankOf(content), owner, signal: rewriting.signal };
    await budget.run(turn, (left) => editAsBot(rewriting, left));
  };

  const remove = async (at: MessageAt, grant: MessageCredentials): Promise<void> => {
    if (!grant.place.isGuest) return await inOpenThread(at.channel, () => calls.remove(at));
    const webhook = webhookOf(grant, at);
    if (!webhook) throw gone();
    await calls.removeAnswer(webhook.interaction, webhook.id);
  };

  const inOrder = async (message: MessageRef, rewriting: Rewriting): Promise<void> => {
    const { content, signal } = rewriting;
    const turn = { channel: null, message: message.ref, rank: rankOf(content), signal };
    await budget.run(turn, () =>
      translated(() => edit(rewriting), {
        needs: content.attachments.length > 0 ? ['view-channel', 'attach-files'] : ['view-channel'],
      }),
    );
  };

  /** Edits of a message that nobody waited for and that may still be made. */
  const straysOf = ({ at, grant }: Rewriting): readonly Promise<unknown>[] => {
    const { interaction } = grant.place;
    const ids = [at.message, '@original'];
    const routes = [
      Routes.channelMessage(at.channel, at.message),
      ...(interaction
        ? ids.map((id) => Routes.webhookMessage(interaction.application, interaction.token, id))
        : []),
    ];
    return routes.flatMap((route) => strays.of(`PATCH ${route}`) ?? []);
  };

  /** An older edit may have been made after the newest: then that is made once more. */
  const reassert = async (message: MessageRef, rewriting: Rewriting, late: readonly Promise<unknown>[]) => {
    await Promise.all(late);
    if (newest.get(message.ref) !== rewriting) return;
    await inOrder(message, rewriting).catch((error: unknown) => {
      log.warn('discord: failed to edit a message, which may show an older state', {
        message: message.ref,
        error,
      });
    });
  };

  return {
    /**
     * @param options.signal nobody waits for it any more; it may still be made, until the next one
     * @throws GramzoomError as `translateError` has it
     */
    edit: async (
      message: MessageRef,
      content: MessageContent,
      { signal }: { readonly signal?: AbortSignal | undefined } = {},
    ): Promise<void> => {
      const rewriting = {
        at: channelAndMessage(message),
        grant: decodeCredentials(message),
        content,
        signal,
      };
      const forget = (): void => {
        if (newest.get(message.ref) === rewriting) newest.delete(message.ref);
      };
      newest.set(message.ref, rewriting);
      const before = straysOf(rewriting);
      try {
        await inOrder(message, rewriting);
      } catch (error) {
        forget();
        throw error;
      }
      const late = [...before, ...straysOf(rewriting)];
      if (late.length === 0) forget();
      else void reassert(message, rewriting, late).finally(forget);
    },
    /**
     * The thread under a message stays: taking it away needs the permission to manage everybody's threads, which
     * is too much to ask for, and people may have talked in it.
     * @throws GramzoomError `chat-unreachable`
     */
    remove: async (message: MessageRef): Promise<void> => {
      const at = channelAndMessage(message);
      const grant = decodeCredentials(message);
      newest.delete(message.ref);
      const turn = { channel: null, message: message.ref, rank: ranks.answer };
      await budget.run(turn, async () => {
        try {
          await remove(at, grant);
        } catch (thrown) {
          const error = translateError(thrown);
          if (error.code !== 'chat-gone') throw error;
        }
      });
    },
  };
};
