/** A film on a platform with reactions, and people who react to it. */
import type { RenderDeps } from '../../src/app/deps.ts';
import type { Reacted } from '../../src/app/renders.ts';
import type { JobId } from '../../src/domain/job.ts';
import type { ReactionKind } from '../../src/domain/message.ts';
import type { Reaction } from '../../src/ports/reactions.ts';
import { type BotProcess, createWorld, messageWith, smallFilm, type World } from './app-world.ts';
import { createFakeChat } from './fake-chat.ts';
import { createFakeRenderer } from './fake-renderer.ts';

export const ann = { platform: 'discord', server: 'guild', user: 'ann' } as const;
export const replyTarget = { platform: 'discord', ref: 'channel' } as const;

export const by = (user: string, { server = 'guild', isModerator = false } = {}) => ({
  actor: { platform: 'discord', server, user } as const,
  isModerator,
  replyTarget,
});

/** Somebody's reaction to a message of a render. */
export const reactionTo = (
  world: World,
  id: JobId,
  { kind = 'reroll', user = 'bob', on = 'final' }: { kind?: ReactionKind; user?: string; on?: string } = {},
): Reaction => {
  const message = messageWith(world.chat, `${id}:${on}`);
  if (!message) throw new Error(`no message ${on}`);
  return { message: { platform: 'discord', ref: message.id }, kind, user };
};

/** A film of Ann's on a platform that reactions come from, and a bot that holds every render after it. */
export const createFilm = async (changes?: (deps: RenderDeps) => Partial<RenderDeps>) => {
  const chat = createFakeChat({ platform: 'discord' });
  const world = await createWorld({ chat });
  const startBot = (more?: (deps: RenderDeps) => Partial<RenderDeps>): BotProcess =>
    world.start({
      renderer: createFakeRenderer({
        before: ({ request }) => (request.seed === smallFilm.seed ? undefined : new Promise(() => {})),
      }),
      changes: (deps) => ({ chats: new Map([['discord', chat]]), ...changes?.(deps), ...more?.(deps) }),
    });
  const bot = startBot();
  const { id } = await bot.renders.submit(world.submission({ origin: ann, replyTarget }));
  await bot.finished(id);
  const react = (options: Parameters<typeof reactionTo>[2] = {}, on: BotProcess = bot) => {
    const reaction = reactionTo(world, id, options);
    return on.renders.react(reaction, by(reaction.user));
  };
  const unreact = (options: Parameters<typeof reactionTo>[2] = {}) =>
    bot.renders.unreact(reactionTo(world, id, options));
  const again = async () =>
    (await world.opened.store.jobs.inState('fetching', 'queued', 'running', 'cancelled')).filter(
      ({ parent }) => parent === id,
    );
  return { world, chat, bot, startBot, id, react, unreact, again };
};

/** Resolves once the outbox knows that something was said. */
export const noted = async (world: World, key: string): Promise<void> => {
  while (!(await world.opened.store.outbox.get(key))) await new Promise((resolve) => setImmediate(resolve));
};

/** The render that a reaction has led to. */
export const queued = (reacted: Reacted): JobId => {
  if (reacted.kind !== 'queued') throw new Error(`it was ${reacted.kind}`);
  return reacted.render.id;
};
