import { type APIMessage, RESTJSONErrorCodes as Code, MessageFlags, Routes } from 'discord.js';
import { GramzoomError } from '../../domain/errors.ts';
import type { MessageContent } from '../../domain/message.ts';
import { parseMessageKey } from '../../domain/subject.ts';
import type { MessageRef } from '../../ports/chat.ts';
import { rankOf } from '../shared/message-rank.ts';
import { ranks } from '../shared/rate-budget.ts';
import { isRefusal, isTokenDead, translated } from './discord-errors.ts';
import { type Draft, nonceOf } from './message-draft.ts';
import { isMarked } from './message-marks.ts';
import type { DiscordPermission } from './permissions.ts';
import { type MessageDeps, sendFitting } from './render-message.ts';
import {
  encodeMessageRef,
  type InteractionRef,
  type MessageCredentials,
  type ReplyContext,
  tokenExpiry,
} from './reply-context.ts';

type Saying = {
  readonly place: ReplyContext;
  readonly content: MessageContent;
  readonly key: string;
  readonly signal?: AbortSignal | undefined;
};

/** `late`: nobody waits for the answer any more. `used`: it has been answered with something else. */
type Answered = { readonly message: APIMessage } | 'late' | 'used';

const gone = (): GramzoomError => new GramzoomError('chat-gone', { platform: 'Discord' });

const asRef = (
  { channel_id: channel, id: message }: APIMessage,
  { place, key }: Saying,
  via: MessageCredentials['via'],
): MessageRef => encodeMessageRef({ channel, message }, { place, role: parseMessageKey(key).role, via });

const needsOf = ({ place, content }: Saying): readonly DiscordPermission[] => [
  place.under ? 'send-messages-in-threads' : 'send-messages',
  ...(content.attachments.length > 0 ? (['attach-files'] as const) : []),
];

/** Says things that are new. */
export const createSendMessage = (deps: MessageDeps) => {
  const { calls, budget, clock, strays, log } = deps;

  const say = <T>(
    { place, content, key }: Saying,
    send: (draft: Draft) => Promise<T>,
    { mentionsRequester = content.mentionsRequester }: { readonly mentionsRequester?: boolean } = {},
  ): Promise<T> => {
    const { role } = parseMessageKey(key);
    return sendFitting(deps, content, { place, role, mentionsRequester, isNew: true, say: send });
  };

  /** What an interaction was answered with, if that is what we have to say. */
  const takeUp = async (saying: Saying, interaction: InteractionRef): Promise<Answered> => {
    try {
      const original = await calls.original(interaction);
      if (isMarked(original, parseMessageKey(saying.key))) return { message: original };
      if (((original.flags ?? 0) & MessageFlags.Loading) === 0) return 'used';
      const edit = (draft: Draft) => calls.editAnswer(interaction, draft, { id: '@original' });
      return { message: await say(saying, edit) };
    } catch (error) {
      if (isTokenDead(error) || isRefusal(error, Code.UnknownMessage)) return 'used';
      throw error;
    }
  };

  const answer = async (saying: Saying, interaction: InteractionRef): Promise<Answered> => {
    try {
      return { message: await say(saying, (draft) => calls.answer(interaction, draft)) };
    } catch (error) {
      if (isRefusal(error, Code.UnknownInteraction)) return 'late';
      if (isRefusal(error, Code.InteractionHasAlreadyBeenAcknowledged)) return takeUp(saying, interaction);
      throw error;
    }
  };

  const postOnce = async (saying: Saying, draft: Draft, signal: AbortSignal): Promise<APIMessage> => {
    const { channel, replyTo } = saying.place;
    const nonce = nonceOf(channel, replyTo ?? '', saying.key);
    const isDispensable = rankOf(saying.content) === ranks.progress;
    try {
      return await calls.post(channel, draft, { nonce, replyTo, signal, isDispensable });
    } catch (error) {
      const mayNotReply = isRefusal(
        error,
        Code.MissingPermissions,
        Code.CannotReplyWithoutPermissionToReadMessageHistory,
      );
      if (replyTo === null || !mayNotReply) throw error;
      return await calls.post(channel, draft, { nonce, replyTo: null, signal, isDispensable });
    }
  };

  /** Takes away what is posted although nobody waited for it: by then there is no place for it any more. */
  const takeBack = async ({ place: { channel }, key }: Saying): Promise<void> => {
    for (const answer of (await strays.of(`POST ${Routes.channelMessages(channel)}`)) ?? []) {
      if (answer?.status !== 200) continue;
      const message = JSON.parse(new TextDecoder().decode(answer.bytes)) as APIMessage;
      if (isMarked(message, parseMessageKey(key))) await calls.remove({ channel, message: message.id });
    }
  };

  const post = async (
    saying: Saying,
    { mentionsRequester }: { readonly mentionsRequester: boolean },
  ): Promise<MessageRef> => {
    const { place, content, signal } = saying;
    const rank = rankOf(content);
    try {
      const message = await budget.run({ channel: place.channel, rank, owner: place.user, signal }, (left) =>
        say(saying, (draft) => postOnce(saying, draft, left), { mentionsRequester }),
      );
      return asRef(message, saying, 'bot');
    } catch (error) {
      if (signal?.aborted) {
        takeBack(saying).catch((reason: unknown) => {
          if (!isRefusal(reason, Code.UnknownMessage))
            log.warn('discord: a picture of a finished render may be left', { error: reason });
        });
      }
      throw error;
    }
  };

  const followUp = async (saying: Saying, interaction: InteractionRef): Promise<MessageRef> => {
    const message = await say(saying, (draft) => calls.followUp(interaction, draft));
    return asRef(message, saying, 'follow-up');
  };

  const send = async (saying: Saying): Promise<MessageRef> => {
    const { place, content } = saying;
    const { interaction, isGuest } = place;
    if (!interaction) return await post(saying, { mentionsRequester: content.mentionsRequester });
    const isOpen = clock.wallTime() < tokenExpiry(interaction);
    const answered = isOpen
      ? await budget.run({ channel: null, rank: ranks.answer }, () => answer(saying, interaction))
      : 'late';
    if (typeof answered === 'object') return asRef(answered.message, saying, 'answer');
    if (isGuest && answered === 'late') throw gone();
    if (isGuest) {
      return await budget.run({ channel: null, rank: rankOf(content) }, () => followUp(saying, interaction));
    }
    // Discord has told them that nobody answered: so they are called to where the answer is.
    return await post(saying, { mentionsRequester: content.mentionsRequester || answered === 'late' });
  };

  /** @throws GramzoomError as `translateError` has it */
  return (saying: Saying): Promise<MessageRef> => translated(() => send(saying), { needs: needsOf(saying) });
};
