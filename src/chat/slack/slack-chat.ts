import type { Chat } from '../../ports/chat.ts';
import type { ChatPlatform, PlatformDeps } from '../platform.ts';
import { createEventBoundary } from '../shared/event-boundary.ts';
import { createAnswers } from './answers.ts';
import { createListeners } from './listeners.ts';
import { createPeople } from './people.ts';
import { createReceiver } from './receiver.ts';
import { createSlackApp } from './slack-app.ts';
import type { Tenants } from './tenants.ts';

/** Where Slack is, for tests: a bot has no setting for it. */
export type SlackAddress = {
  /** Of the Web API, with a slash at its end. */
  readonly apiUrl?: string;
  /** Where files are fetched from. */
  readonly fileHosts?: readonly string[];
};

export type SlackChatDeps = SlackAddress &
  Pick<PlatformDeps, 'inbox' | 'maxPhotoBytes' | 'clock' | 'log' | 'observe'> & {
    readonly tenants: Tenants;
    /** How the bot speaks there. */
    readonly messages: { readonly chat: Chat; close(): Promise<void> };
  };

/** Slack: requests come in through a receiver of our own, answers go out through the clients of each tenant. */
export const createSlackChat = (deps: SlackChatDeps): ChatPlatform => {
  const { inbox, tenants, messages, maxPhotoBytes, clock, log, observe } = deps;
  const closing = new AbortController();
  const { signal } = closing;
  const boundary = createEventBoundary({ clock, log, signal });
  const people = createPeople({ tenants, clock, log });
  const answers = createAnswers({ tenants, clock, log });

  const close = async (): Promise<void> => {
    closing.abort();
    await boundary.settled();
    await messages.close();
  };
  let closed: Promise<void> | null = null;

  return {
    name: 'Slack',
    chat: messages.chat,
    listen: async (renders) => {
      const listeners = createListeners({ renders, tenants, people, answers, maxPhotoBytes, clock, log });
      const receiver = createReceiver({ listeners, inbox, boundary, clock, log, observe, signal });
      createSlackApp({ receiver: receiver.bolt, listeners, tenants, clock, log, signal });
      await receiver.replay();
    },
    health: () => null,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
