import type { ActionsBlock, KnownBlock, SectionBlock } from '@slack/types';
import { toFailure, toGramzoomError } from '../../domain/errors.ts';
import { asTold } from '../../domain/told.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { inPieces } from '../shared/cut-text.ts';
import { openDirectChannel } from './direct-channel.ts';
import type { SlackPlace } from './place.ts';
import { asText } from './plain-text.ts';
import { isError } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';
import { slackNotation } from './words.ts';

/** The longest text of a section. */
const longestSection = 3_000;
const answerMs = 10_000;

/** What is answered, with a button that does more. */
export type Reply = {
  readonly text: string;
  readonly button: { readonly label: string; readonly actionId: string; readonly value: string } | null;
};

/** What is answered in blocks of its own. @see Panels */
export type BlockReply = { readonly text: string; readonly blocks: KnownBlock[] };

/** What is answered beside the messages about renders. None of these throws anything. */
export interface Answers {
  /** What went wrong, in words; logged where it is no fault of the person's. */
  problem(thrown: unknown, words: ChatWords): string;
  /**
   * Says something that only whoever asked sees, where they asked: by the interaction's `response_url` where there is
   * one and it still works, else by chat.postEphemeral, else, where the bot is no member, as a direct message. In a
   * thread chat.postEphemeral is first, since a `response_url` leads to the channel. In a conversation with the bot
   * alone it is a message like others.
   * @param options.replaces it takes the place of the message whose button was pressed, where Slack lets it
   */
  replyEphemeral(
    place: SlackPlace,
    reply: string | Reply | BlockReply,
    options?: { readonly responseUrl?: string | undefined; readonly replaces?: boolean },
  ): Promise<void>;
  /** Says something to one person as a direct message; nothing where they take none. */
  sendDirect(place: SlackPlace, text: string): Promise<void>;
}

type Piece = BlockReply;

const section = (text: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true },
});

const actions = ({ label, actionId, value }: NonNullable<Reply['button']>): ActionsBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      style: 'danger',
      text: { type: 'plain_text', text: label },
      action_id: actionId,
      value,
    },
  ],
});

/** A reply as messages; the button is under the last. */
const piecesOf = (reply: string | Reply | BlockReply): readonly Piece[] => {
  if (typeof reply !== 'string' && 'blocks' in reply) return [reply];
  const { text: words, button } = typeof reply === 'string' ? { text: reply, button: null } : reply;
  const texts = inPieces(asText(words), longestSection);
  return texts.map((text, index) => ({
    text,
    blocks: [section(text), ...(button && index === texts.length - 1 ? [actions(button)] : [])],
  }));
};

export const createAnswers = ({
  tenants,
  clock,
  log,
}: {
  readonly tenants: Pick<Tenants, 'clients'>;
  readonly clock: Clock;
  readonly log: AppLog;
}): Answers => {
  /** False where the address is worth nothing (any more). */
  const respond = async (
    url: string,
    { replaces, ...piece }: Piece & { readonly replaces: boolean },
  ): Promise<boolean> => {
    const late = new AbortController();
    const timer = clock.after(answerMs, () => late.abort());
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ response_type: 'ephemeral', replace_original: replaces, ...piece }),
        signal: late.signal,
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    } finally {
      timer.cancel();
    }
  };

  const direct = async (place: SlackPlace, piece: Piece): Promise<void> => {
    const channel = await openDirectChannel(tenants, place);
    const { answers } = await tenants.clients(place.tenant);
    await answers.chat.postMessage({ channel, ...piece });
  };

  /** Where they asked, without an address to answer to. False where the bot cannot say anything there. */
  const post = async (place: SlackPlace, piece: Piece): Promise<boolean> => {
    const { channel, thread, user, isDirect } = place;
    const { answers } = await tenants.clients(place.tenant);
    const at = { channel, ...(thread !== null && { thread_ts: thread }), ...piece };
    try {
      if (isDirect) await answers.chat.postMessage(at);
      else await answers.chat.postEphemeral({ ...at, user });
      return true;
    } catch (error) {
      // It may be a conversation of two people.
      if (isDirect && !isError(error, 'channel_not_found')) throw error;
      return false;
    }
  };

  return {
    problem: (thrown, words) => {
      const error = toGramzoomError(thrown);
      const told = asTold(error);
      if (error.code === 'internal') log.error('slack: a request failed', { error });
      // Whoever asked is told to look no further than here: the rest is for the log.
      else if (told !== error) log.warn('slack: a request was refused', { error });
      return words.errorSentence(toFailure(told), slackNotation(words, clock.wallTime()));
    },
    replyEphemeral: async (place, reply, { responseUrl, replaces = false } = {}) => {
      let url = responseUrl;
      const byUrl = async (piece: Piece & { readonly replaces: boolean }): Promise<boolean> => {
        if (url !== undefined && (await respond(url, piece))) return true;
        url = undefined;
        return false;
      };
      try {
        for (const [index, piece] of piecesOf(reply).entries()) {
          const takesPlace = replaces && index === 0;
          const isUrlFirst = takesPlace || place.thread === null;
          const said =
            (isUrlFirst && (await byUrl({ ...piece, replaces: takesPlace }))) ||
            (await post(place, piece)) ||
            (!isUrlFirst && (await byUrl({ ...piece, replaces: false })));
          if (!said) await direct(place, piece);
        }
      } catch (error) {
        log.warn('slack: failed to send an answer', { error });
      }
    },
    sendDirect: async (place, text) => {
      try {
        for (const piece of piecesOf(text)) await direct(place, piece);
      } catch (error) {
        log.warn('slack: failed to send a direct message', { error });
      }
    },
  };
};
