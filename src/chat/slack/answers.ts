import type { ChatWords } from '../../messages/chat-words.ts';
import type { SlackPlace } from './place.ts';

/** What is answered, with a button that does more. */
export type Reply = {
  readonly text: string;
  readonly button: { readonly label: string; readonly actionId: string; readonly value: string } | null;
};

/** What is answered beside the messages about renders. None of these throws anything. */
export interface Answers {
  /** What went wrong, in words; logged where it is no fault of the person's. */
  problem(thrown: unknown, words: ChatWords): string;
  /**
   * Says something that only whoever asked sees, where they asked: by the interaction's `response_url` where there is
   * one and it still works, else by chat.postEphemeral, else, where the bot is no member, as a direct message.
   */
  replyEphemeral(
    place: SlackPlace,
    reply: string | Reply,
    options?: { readonly responseUrl?: string | undefined },
  ): Promise<void>;
  /** Says something to one person as a direct message; nothing where they take none. */
  sendDirect(place: SlackPlace, text: string): Promise<void>;
}
