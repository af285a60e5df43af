import { describe, expect, it } from 'vitest';
import type { RenderDeps } from '../../../src/app/deps.ts';
import { createWorld, messageWith, someone } from '../../support/app-world.ts';
import { createFakeChat, says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** A process that falls asleep in the outbox, right before it says something, and wakes up much later. */
const sleeper = (isAsleepAt: (key: string, times: number) => boolean) => {
  const asleep = Promise.withResolvers<void>();
  const alarm = Promise.withResolvers<void>();
  const awake = Promise.withResolvers<void>();
  const times = new Map<string, number>();
  const changes = ({ store }: RenderDeps): Partial<RenderDeps> => ({
    store: {
      ...store,
      outbox: {
        ...store.outbox,
        begin: async (key) => {
          const begun = await store.outbox.begin(key);
          const count = (times.get(key) ?? 0) + 1;
          times.set(key, count);
          if (!isAsleepAt(key, count)) return begun;
          asleep.resolve();
          await alarm.promise;
          awake.resolve();
          return begun;
        },
      },
    },
  });
  return { changes, asleep: asleep.promise, wake: alarm.resolve, awake: awake.promise };
};

describe('a process that another one has taken over from', () => {
  it('does not post the film a second time', async () => {
    const world = await createWorld({ chat: createFakeChat({ isForgetful: true }) });
    const { changes, asleep, wake } = sleeper((key) => key.endsWith(':final'));
    const old = world.start({ clock: createFakeClock(), changes });
    const { id } = await old.renders.submit(world.submission());
    await asleep;
    const next = world.start();
    await next.renders.resume();
    expect(await next.finished(id)).toMatchObject({ state: 'done' });
    wake();
    await old.stop();
    expect(world.chat.messages.map(({ key }) => key)).toEqual([`${id}:answer`, `${id}:final`]);
  });

  it('does not write over what the other one has said', async () => {
    const world = await createWorld();
    const { changes, asleep, wake } = sleeper((key) => key.endsWith(':final'));
    const old = world.start({ clock: createFakeClock(), changes });
    const { id } = await old.renders.submit(world.submission());
    await asleep;
    const next = world.start();
    await next.renders.cancel(id, { actor: someone });
    await world.chat.until((chat) => says(messageWith(chat, `${id}:final`))?.body.kind === 'cancelled');
    wake();
    await old.stop();
    for (const key of [`${id}:answer`, `${id}:final`]) {
      const kinds = messageWith(world.chat, key)?.history.map(({ body }) => body.kind);
      expect(kinds).not.toContain('result');
      expect(kinds?.at(-1)).toBe('cancelled');
    }
  });
});
