import { describe, expect, it } from 'vitest';
import type { Coordinator } from '../../../src/app/coordinator/coordinator.ts';
import { subjectHandlers } from '../../../src/app/coordinator/subjects.ts';
import { codeOf, createWorld, messageWith } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createPoll, pollKey, pollSubject } from '../../support/poll.ts';

const home = { platform: 'web', ref: 'lounge' } as const;
const person = (user: string) => ({
  actor: { platform: 'web', server: 'lounge', user } as const,
  replyTarget: home,
});

/** A bot that knows polls beside renders, and a poll of ann's that it has asked. */
const asked = async (clock = createFakeClock()) => {
  const world = await createWorld({ clock });
  const poll = createPoll({ home, owner: 'ann' });
  const startBot = (changes: NonNullable<Parameters<typeof world.start>[0]>['changes'] = () => ({})) => {
    const made: Coordinator[] = [];
    const remember = (coordinator: Coordinator) => {
      made.push(coordinator);
      return poll.handler(coordinator);
    };
    const bot = world.start({ subjects: [...subjectHandlers, remember], changes });
    return { bot, coordinator: made[0]! };
  };
  const message = () => messageWith(world.chat, pollKey);
  const body = () => says(message())?.body;
  return { world, poll, startBot, message, body };
};

describe('a second kind of subject', () => {
  it('says its message once, and follows each reaction once, also after a restart', async () => {
    const { world, poll, startBot, message, body } = await asked();
    const first = startBot();
    await poll.ask(first.coordinator);
    expect(body()).toMatchObject({ kind: 'waiting', total: 0 });
    const vote = { message: { platform: 'web', ref: message()!.id }, kind: 'reroll', user: 'bob' } as const;
    expect(await first.bot.renders.react(vote, person('bob'))).toEqual({ kind: 'followed' });
    expect(body()).toMatchObject({ kind: 'waiting', total: 1 });
    await first.bot.stop();

    const second = startBot();
    await second.bot.renders.resume();
    expect(await second.bot.renders.react(vote, person('bob'))).toEqual({ kind: 'ignored' });
    expect(poll.state.votes).toEqual(['bob']);
    const [seen] = await second.bot.renders.reactable('web', { limit: 9 });
    expect(seen?.reactions).toMatchObject([{ kind: 'reroll', user: 'bob' }]);
    await second.coordinator.messageSync.runNow('poll.p1');
    expect(world.chat.messages).toHaveLength(1);
  });

  it('has a button that only its owner may press, and none that it does not know', async () => {
    const { poll, startBot, body } = await asked();
    const { bot, coordinator } = startBot();
    await poll.ask(coordinator);
    const press = (user: string, action: 'cancel' | 'reroll') =>
      bot.renders.press({ subject: pollSubject, action, ...person(user) });
    expect(await codeOf(press('bob', 'cancel'))).toBe('not-yours');
    expect(await codeOf(press('ann', 'reroll'))).toBe('not-found');
    expect(body()?.kind).toBe('waiting');
    expect(await press('ann', 'cancel')).toEqual({ kind: 'followed' });
    expect(body()?.kind).toBe('cancelled');
  });

  it('is told when its time has come, by the next process where one dies over it, and says so once', async () => {
    const { world, poll, startBot, message, body } = await asked();
    const dying = Promise.withResolvers<void>();
    const first = startBot(({ store }) => ({
      store: {
        ...store,
        calendar: {
          ...store.calendar,
          // It has closed the poll, and dies before it can note that.
          done: () => {
            dying.resolve();
            return new Promise(() => {});
          },
        },
      },
    }));
    await poll.ask(first.coordinator);
    world.storeClock.advance(60_000);
    await dying.promise;
    expect(body()?.kind).toBe('cancelled');
    first.bot.bury();

    const entry = { subject: pollSubject, what: 'close' };
    const { calendar } = world.opened.store;
    const second = startBot();
    await second.bot.renders.resume();
    expect(await calendar.has(entry)).toBe(true);
    world.storeClock.advance(30_000);
    while (await calendar.has(entry)) await new Promise((resolve) => setImmediate(resolve));
    // The next process may write the same words once more; nobody sees that.
    const kinds = message()!.history.map(({ body: { kind } }) => kind);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual(['waiting', 'cancelled']);
    expect(world.chat.messages).toHaveLength(1);
  });

  it('is told of its moment soon after the wall clock was set past it', async () => {
    const clock = createFakeClock();
    let aheadMs = 0;
    const { world, poll, startBot, body } = await asked({
      ...clock,
      wallTime: () => clock.wallTime() + aheadMs,
    });
    const { coordinator } = startBot();
    await poll.ask(coordinator);
    aheadMs = 60_000;
    clock.advance(10_000);
    const { calendar } = world.opened.store;
    const entry = { subject: pollSubject, what: 'close' };
    while (await calendar.has(entry)) await new Promise((resolve) => setImmediate(resolve));
    expect(body()?.kind).toBe('cancelled');
  });

  it('is tried again, within bounds, where what is due cannot be done', async () => {
    const { world, poll, startBot } = await asked();
    const { coordinator } = startBot();
    const failing = { ...pollSubject, kind: 'unlucky' };
    let tries = 0;
    (coordinator.subjects as Map<string, unknown>).set('unlucky', {
      ...poll.handler(coordinator),
      due: async () => {
        tries += 1;
        throw new Error('a bug');
      },
    });
    const { calendar } = world.opened.store;
    const entry = { subject: failing, what: 'close' };
    await coordinator.calendar.schedule(entry, { dueAt: world.storeClock.wallTime() });
    while (await calendar.has(entry)) {
      world.storeClock.advance(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(tries).toBe(5);
  });
});
