import { type APIMessage, type APIReaction, RESTJSONErrorCodes as Code, Routes } from 'discord.js';
import type { ReactableMessage } from '../../app/renders.ts';
import { pause } from '../../concurrency/pause.ts';
import { type ReactionKind, reactionKinds } from '../../domain/message.ts';
import { isRefusal } from './discord-errors.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { reactionKind } from './reaction-emoji.ts';
import { createReactionLists, type ReactionList } from './reaction-lists.ts';
import type { Reactions } from './reactions.ts';
import { channelAndMessage, decodeCredentials } from './reply-context.ts';
import { madeAt } from './snowflake.ts';

/** So many films are looked at, and as long as their photos may be there. */
const mostFilms = 100;
const oldestMs = 7 * 86_400_000;
/** A new session begins with enough to do. */
const restMs = 250;

/**
 * Finds out what people did while nothing was heard: after a new session, reactions to the newest films are listed
 * and compared with those that are known.
 */
export const createReconciliation = (
  options: HandlerDeps & { readonly reactions: Reactions; readonly signal: AbortSignal },
) => {
  const { renders, rest, reactions, self, clock, log, signal } = options;

  const ask = async (route: `/${string}`, query?: URLSearchParams): Promise<unknown> => {
    await pause(clock, restMs, { signal });
    return await rest.get(route, query ? { query } : {});
  };

  const listOf = createReactionLists({
    get: ask,
    onProblem: (error) => {
      if (signal.aborted) throw error;
      log.info('discord: failed to list reactions', { error });
    },
  });

  /** What somebody has taken back in one form may be there in the other: that is noted before. */
  const compare = async (
    kind: ReactionKind,
    { film, shown }: { readonly film: ReactableMessage; readonly shown: readonly APIReaction[] },
  ): Promise<void> => {
    const at = channelAndMessage(film.message);
    const { guild } = decodeCredentials(film.message).place;
    const known = film.reactions.filter((each) => each.kind === kind);
    const lists = { normal: await listOf(at, shown, false), super: await listOf(at, shown, true) };
    const listIn = (isSuper: boolean): ReactionList => lists[isSuper ? 'super' : 'normal'];
    const isKnown = (user: string, isSuper: boolean): boolean =>
      known.some((each) => each.user === user && (each.isSuper ?? false) === isSuper);
    const react = (user: string, isSuper: boolean): Promise<void> =>
      reactions.react({ ...at, guild, kind, user, isSuper, roles: null });

    for (const { user, isSuper = false } of known) {
      if ((await listIn(isSuper).has(user)) !== false) continue;
      const other = await listIn(!isSuper).has(user);
      if (other === null) continue;
      if (other && !isKnown(user, !isSuper)) await react(user, !isSuper);
      await reactions.unreact({ ...at, kind, user, isSuper });
    }
    for (const isSuper of [false, true]) {
      for (const user of listIn(isSuper).users) {
        if (user !== self() && !isKnown(user, isSuper)) await react(user, isSuper);
      }
    }
  };

  const look = async (film: ReactableMessage): Promise<void> => {
    const at = channelAndMessage(film.message);
    if (clock.wallTime() - madeAt(at.message) > oldestMs) return;
    // Where it is no member, the bot sees no reactions.
    if (decodeCredentials(film.message).place.isGuest) return;
    const { reactions: all = [] } = (await ask(Routes.channelMessage(at.channel, at.message))) as APIMessage;
    for (const kind of reactionKinds) {
      await compare(kind, { film, shown: all.filter(({ emoji }) => reactionKind(emoji) === kind) });
    }
  };

  const pass = async (): Promise<void> => {
    for (const film of await renders().reactable('discord', { limit: mostFilms })) {
      if (signal.aborted) return;
      // A channel that is closed now: the others count all the same.
      await look(film).catch(async (error: unknown) => {
        if (isRefusal(error, Code.UnknownMessage, Code.UnknownChannel))
          await renders().filmGone(film.message);
        else if (!signal.aborted)
          log.info('discord: failed to compare reactions', { message: film.message.ref, error });
      });
    }
  };

  let running: Promise<void> | null = null;
  let isWanted = false;
  const passes = async (): Promise<void> => {
    for (; isWanted && !signal.aborted; await pass()) isWanted = false;
  };
  return {
    /** Each shard begins a session of its own; what comes during a pass is one more pass. */
    run: async (): Promise<void> => {
      isWanted = true;
      running ??= passes().finally(() => {
        running = null;
      });
      await running;
    },
  };
};
