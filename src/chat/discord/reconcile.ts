import { type APIMessage, type APIUser, type REST, Routes } from 'discord.js';
import type { FilmMessage, Renders } from '../../app/renders.ts';
import { type ReactionKind, reactionKinds } from '../../domain/message.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { pause } from '../../ports/pause.ts';
import { decodeGrant } from './message-ref.ts';
import { channelAndMessage } from './place.ts';
import { reactionEmoji, reactionKind } from './reaction-emoji.ts';
import type { Reactions } from './reactions.ts';
import { madeAt } from './snowflake.ts';

/** So many films are looked at, and as long as their photos may be there. */
const mostFilms = 100;
const oldestMs = 7 * 86_400_000;
/** A new session begins with enough to do. */
const restMs = 250;
const pageSize = 100;
/** Nobody's photo contest has more dice under one film. */
const mostPages = 10;

/**
 * Finds out what people did while nothing was heard: after a new session, reactions to the newest films are listed
 * and compared with those that are known.
 */
export const createReconciliation = (options: {
  readonly renders: () => Pick<Renders, 'films'>;
  readonly rest: REST;
  readonly reactions: Pick<Reactions, 'react' | 'unreact'>;
  readonly self: () => string | null;
  readonly clock: Clock;
  readonly log: AppLog;
  readonly signal: AbortSignal;
}): { readonly run: () => Promise<void> } => {
  const { renders, rest, reactions, self, clock, log, signal } = options;

  const ask = async (route: `/${string}`, query?: URLSearchParams): Promise<unknown> => {
    await pause(clock, restMs, { signal });
    return await rest.get(route, query ? { query } : {});
  };

  const usersOf = async (
    { channel, message }: { readonly channel: string; readonly message: string },
    kind: ReactionKind,
  ): Promise<readonly string[]> => {
    const route = Routes.channelMessageReaction(channel, message, encodeURIComponent(reactionEmoji[kind]));
    const users: APIUser[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const after = users.at(-1)?.id;
      const query = new URLSearchParams({ limit: String(pageSize), ...(after && { after }) });
      const found = (await ask(route, query)) as readonly APIUser[];
      users.push(...found);
      if (found.length < pageSize) break;
    }
    return users.filter(({ bot }) => !bot).map(({ id }) => id);
  };

  const look = async ({ message: film, reactions: known }: FilmMessage): Promise<void> => {
    const at = channelAndMessage(film);
    if (clock.wallTime() - madeAt(at.message) > oldestMs) return;
    const { place } = decodeGrant(film);
    // Where it is no member, the bot sees no reactions.
    if (place.isGuest) return;
    const shown = (await ask(Routes.channelMessage(at.channel, at.message))) as APIMessage;
    for (const kind of reactionKinds) {
      const before = known.filter((each) => each.kind === kind).map(({ user }) => user);
      const count = shown.reactions?.find(({ emoji }) => reactionKind(emoji) === kind);
      const others = (count?.count ?? 0) - (count?.me ? 1 : 0);
      if (others === 0 && before.length === 0) continue;
      const now = others === 0 ? [] : await usersOf(at, kind);
      for (const user of before.filter((each) => !now.includes(each))) {
        await reactions.unreact({ ...at, kind, user });
      }
      for (const user of now.filter((each) => !before.includes(each) && each !== self())) {
        await reactions.react({ ...at, guild: place.guild, kind, user, roles: null });
      }
    }
  };

  const pass = async (): Promise<void> => {
    for (const film of await renders().films('discord', { limit: mostFilms })) {
      if (signal.aborted) return;
      // A film that somebody deleted, a channel that is closed now: the others count all the same.
      await look(film).catch((error: unknown) => {
        if (!signal.aborted)
          log.info('reactions could not be compared', { message: film.message.ref, error });
      });
    }
  };

  let running: Promise<void> | null = null;
  let again = false;

  /** Each shard begins a session of its own; what comes in the midst of a pass is one more pass. */
  const run = async (): Promise<void> => {
    if (running !== null) {
      again = true;
      return await running;
    }
    running = (async () => {
      do {
        again = false;
        await pass();
      } while (again && !signal.aborted);
    })();
    try {
      await running;
    } finally {
      running = null;
    }
  };
  return { run };
};
