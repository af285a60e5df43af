import {
  InteractionResponseType as Answer,
  type APIDMChannel,
  ButtonStyle,
  RESTJSONErrorCodes as Code,
  ComponentType,
  MessageFlags,
  type REST,
  Routes,
} from 'discord.js';
import { toFailure, toGramzoomError } from '../../domain/errors.ts';
import { asTold } from '../../domain/told.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { inPieces } from '../shared/cut-text.ts';
import { type RateBudget, ranks } from '../shared/rate-budget.ts';
import { isRefusal } from './discord-errors.ts';
import { nonceOf } from './message-draft.ts';
import { asText } from './plain-text.ts';
import type { MessageAt } from './reply-context.ts';
import { permissionNamer } from './words.ts';

/** What is not said by then is said later: three seconds are all that Discord gives. */
const deferAfterMs = 2_000;
const longestMessage = 2_000;
/** As many as a guest may send. */
const mostFollowUps = 5;

/** An interaction, as far as it is answered. */
export type Answerable = { readonly id: string; readonly application_id: string; readonly token: string };

/** What is answered, with a button that does more. */
export type Reply = {
  readonly text: string;
  readonly button: { readonly label: string; readonly id: string } | null;
};

/** What is answered beside the messages about renders. None of these throws anything. */
export const createAnswers = ({
  rest,
  budget,
  clock,
  log,
}: {
  readonly rest: REST;
  readonly budget: Pick<RateBudget, 'run'>;
  readonly clock: Clock;
  readonly log: AppLog;
}) => {
  const acknowledge = async (asked: Answerable, body: object): Promise<boolean> => {
    try {
      await rest.post(Routes.interactionCallback(asked.id, asked.token), { body, auth: false });
      return true;
    } catch (error) {
      // The same interaction was told twice, or somebody else was faster: it has its answer.
      if (!isRefusal(error, Code.InteractionHasAlreadyBeenAcknowledged)) {
        log.warn('discord: failed to answer an interaction', { error });
      }
      return false;
    }
  };

  const rows = ({ label, id }: NonNullable<Reply['button']>) => [
    {
      type: ComponentType.ActionRow,
      components: [{ type: ComponentType.Button, style: ButtonStyle.Danger, label, custom_id: id }],
    },
  ];

  const data = (content: string, button: Reply['button'] = null) => ({
    content,
    ...(button && { components: rows(button) }),
    flags: MessageFlags.Ephemeral | MessageFlags.SuppressEmbeds,
    allowed_mentions: { parse: [] },
  });

  const isSent = async (sending: Promise<unknown>): Promise<boolean> => {
    try {
      await sending;
      return true;
    } catch (error) {
      log.warn('discord: failed to send an answer', { error });
      return false;
    }
  };

  const fill = ({ application_id: id, token }: Answerable, body: object): Promise<boolean> =>
    isSent(rest.patch(Routes.webhookMessage(id, token), { body, auth: false }));

  const followUp = ({ application_id: id, token }: Answerable, body: object): Promise<boolean> =>
    isSent(rest.post(Routes.webhook(id, token), { body, auth: false }));

  /** What went wrong, in words; logged where it is no fault of the person's. */
  const problem = (thrown: unknown, words: ChatWords): string => {
    const error = toGramzoomError(thrown);
    const told = asTold(error);
    if (error.code === 'internal') log.error('discord: a request failed', { error });
    // Whoever asked is told to look no further than here: the rest is for the log.
    else if (told !== error) log.warn('discord: a request was refused', { error });
    return words.errorSentence(toFailure(told), { namePermission: permissionNamer(words) });
  };

  return {
    problem,
    /**
     * Answers an interaction so that only the person who asked sees it. Errors of `work` are told as well.
     * @param options.work gives the answer; null: something else has answered
     * @param options.defers when Discord is told that it takes its time: before it begins, once it does, or never,
     * where a render is to answer for everybody to see
     */
    replyEphemeral: async (
      asked: Answerable,
      {
        words,
        work,
        defers,
      }: {
        readonly words: ChatWords;
        readonly work: () => Promise<string | Reply | null>;
        readonly defers: 'at-once' | 'late' | 'never';
      },
    ): Promise<void> => {
      let deferral: Promise<boolean> | null = null;
      const defer = (): void => {
        deferral = acknowledge(asked, {
          type: Answer.DeferredChannelMessageWithSource,
          data: { flags: MessageFlags.Ephemeral },
        });
      };
      const timer = defers === 'late' ? clock.after(deferAfterMs, defer) : undefined;
      if (defers === 'at-once') defer();
      const answer = await work().catch((error: unknown) => problem(error, words));
      timer?.cancel();
      const deferred = deferral as Promise<boolean> | null;
      if (answer === null) return;
      const { text, button } = typeof answer === 'string' ? { text: answer, button: null } : answer;
      const [begin, ...more] = inPieces(asText(text), longestMessage);
      const first = data(begin, button);
      const isFirst =
        deferred !== null
          ? (await deferred) && (await fill(asked, first))
          : await acknowledge(asked, { type: Answer.ChannelMessageWithSource, data: first });
      for (const piece of isFirst ? more.slice(0, mostFollowUps) : []) await followUp(asked, data(piece));
    },
    /** Says something to one person as a direct message; nothing where they take none. */
    sendDirect: async (
      user: string,
      { text, key }: { readonly text: string; readonly key: string },
    ): Promise<void> => {
      try {
        const { id } = (await rest.post(Routes.userChannels(), {
          body: { recipient_id: user },
        })) as APIDMChannel;
        const body = {
          ...{ content: asText(text).slice(0, longestMessage), allowed_mentions: { parse: [] } },
          ...{ flags: MessageFlags.SuppressEmbeds, nonce: nonceOf(key), enforce_nonce: true },
        };
        await rest.post(Routes.channelMessages(id), { body });
      } catch (error) {
        if (isRefusal(error, Code.CannotSendMessagesToThisUser)) return;
        log.warn('discord: failed to send a direct message', { error });
      }
    },
    /** Answers what asks for suggestions: there are none. */
    suggestNothing: async (asked: Answerable): Promise<void> => {
      await acknowledge(asked, { type: Answer.ApplicationCommandAutocompleteResult, data: { choices: [] } });
    },
    /** Says something under a message. The same key again says nothing more. */
    replyTo: async (
      { channel, message }: MessageAt,
      { text, key }: { readonly text: string; readonly key: string },
    ): Promise<void> => {
      const body = {
        content: asText(text).slice(0, longestMessage),
        allowed_mentions: { parse: [], replied_user: false },
        message_reference: { message_id: message, fail_if_not_exists: false },
        flags: MessageFlags.SuppressEmbeds,
        nonce: nonceOf(key),
        enforce_nonce: true,
      };
      await budget
        .run({ channel, rank: ranks.progress, owner: '' }, () =>
          rest.post(Routes.channelMessages(channel), { body }),
        )
        .catch((error: unknown) => log.warn('discord: failed to send a reply', { error }));
    },
  };
};

export type Answers = ReturnType<typeof createAnswers>;
