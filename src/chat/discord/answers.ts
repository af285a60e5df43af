import {
  InteractionResponseType as Answer,
  type APIApplicationCommandOptionChoice,
  type APIDMChannel,
  type APIModalInteractionResponseCallbackData,
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
import type { Panel } from '../../messages/panel.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { inPieces } from '../shared/cut-text.ts';
import { type RateBudget, ranks } from '../shared/rate-budget.ts';
import { isRefusal } from './discord-errors.ts';
import { type Acknowledged, type Answerable, createInteractionCalls } from './interaction-calls.ts';
import { nonceOf } from './message-draft.ts';
import { createPanelAnswers, type PanelTurn, type ShownPanel } from './panel-answers.ts';
import type { PanelFile } from './panel-pictures.ts';
import { asText } from './plain-text.ts';
import type { MessageAt } from './reply-context.ts';
import { permissionNamer } from './words.ts';

/** What is not said by then is said later: three seconds are all that Discord gives. */
const deferAfterMs = 2_000;
const longestMessage = 2_000;
/** As many as a guest may send. */
const mostFollowUps = 5;

/** What is answered, with a button that does more. */
export type Reply = {
  readonly text: string;
  readonly button: { readonly label: string; readonly id: string } | null;
};

/**
 * A panel; `isBeside`: a render answers for everybody to see, and this is for whoever asked besides. `file`: goes with
 * its pictures.
 */
export type PanelReply = {
  readonly panel: Panel;
  readonly isBeside?: boolean;
  readonly file?: PanelFile;
};

/** What a use case leads to; null: something else has answered. */
export type Outcome = string | Reply | PanelReply | null;

/** What is answered beside the messages about renders. None of these throws anything. */
export const createAnswers = ({
  rest,
  blobs,
  budget,
  clock,
  log,
}: {
  readonly rest: REST;
  readonly blobs: Pick<Blobs, 'get' | 'size'>;
  readonly budget: Pick<RateBudget, 'run'>;
  readonly clock: Clock;
  readonly log: AppLog;
}) => {
  const calls = createInteractionCalls({ rest, log });
  const { acknowledge, fill, followUp } = calls;
  const panels = createPanelAnswers({ calls, blobs });

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

  /** What went wrong, in words; logged where it is no fault of the person's. */
  const problem = (thrown: unknown, words: ChatWords): string => {
    const error = toGramzoomError(thrown);
    const told = asTold(error);
    if (error.code === 'internal') log.error('discord: a request failed', { error });
    // Whoever asked is told to look no further than here: the rest is for the log.
    else if (told !== error) log.warn('discord: a request was refused', { error });
    return words.errorSentence(toFailure(told), { namePermission: permissionNamer(words) });
  };

  /** Words, in as many messages as they need. */
  const sayText = async (asked: Answerable, answer: string | Reply, turn: PanelTurn): Promise<void> => {
    const { text, button } = typeof answer === 'string' ? { text: answer, button: null } : answer;
    const [begin, ...more] = inPieces(asText(text), longestMessage);
    const first = data(begin, button);
    const sayFirst = async (): Promise<boolean> => {
      // What stands in the message whose control was used stays.
      if (turn.isDeferred) return await (turn.within ? followUp(asked, first) : fill(asked, first));
      const acknowledged = await acknowledge(asked, { type: Answer.ChannelMessageWithSource, data: first });
      // Something that everybody sees has answered.
      return acknowledged === 'used' ? await followUp(asked, first) : acknowledged === 'done';
    };
    if (!(await sayFirst())) return;
    for (const piece of more.slice(0, mostFollowUps)) await followUp(asked, data(piece));
  };

  return {
    problem,
    /**
     * Answers an interaction so that only the person who asked sees it. Errors of `work` are told as well.
     * @param options.work gives the answer; null: something else has answered
     * @param options.defers when Discord is told that it takes its time: before it begins, once it does, or never,
     * where a render is to answer for everybody to see
     * @param options.within the message that a panel replaces; a new one unless told
     */
    replyEphemeral: async (
      asked: Answerable,
      {
        words,
        work,
        defers,
        within = null,
      }: {
        readonly words: ChatWords;
        readonly work: () => Promise<Outcome>;
        readonly defers: 'at-once' | 'late' | 'never';
        readonly within?: ShownPanel | null;
      },
    ): Promise<void> => {
      let deferral: Promise<Acknowledged> | null = null;
      const defer = (): void => {
        deferral = acknowledge(
          asked,
          within
            ? { type: Answer.DeferredMessageUpdate }
            : { type: Answer.DeferredChannelMessageWithSource, data: { flags: MessageFlags.Ephemeral } },
        );
      };
      const timer = defers === 'late' ? clock.after(deferAfterMs, defer) : undefined;
      if (defers === 'at-once') defer();
      const answer = await work().catch((error: unknown) => problem(error, words));
      timer?.cancel();
      const deferred = deferral as Promise<Acknowledged> | null;
      if (answer === null) return;
      if (deferred !== null && (await deferred) !== 'done') return;
      const turn = { isDeferred: deferred !== null, within };
      if (typeof answer === 'string' || 'text' in answer) await sayText(asked, answer, turn);
      else if (answer.isBeside) await panels.showBeside(asked, answer.panel);
      else await panels.show(asked, answer.panel, { ...turn, file: answer.file ?? null });
    },
    /** Opens a form. */
    showForm: async (asked: Answerable, form: APIModalInteractionResponseCallbackData): Promise<void> => {
      await acknowledge(asked, { type: Answer.Modal, data: form });
    },
    /** Answers what asks for suggestions. */
    suggest: async (
      asked: Answerable,
      choices: readonly APIApplicationCommandOptionChoice<string>[],
    ): Promise<void> => {
      await acknowledge(asked, { type: Answer.ApplicationCommandAutocompleteResult, data: { choices } });
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
