import type { FakeDiscord } from './fake-discord.ts';

/**
 * Lets the fake's time pass quickly until some work is done that waits for its turn or goes on trying. discord.js
 * beats its heart by the machine's time.
 */
export const passTimeUntil = async <T>(fake: FakeDiscord, work: Promise<T>): Promise<T> => {
  const time = setInterval(() => {
    fake.clock.advance(500);
    fake.core.changed();
  }, 5);
  try {
    return await work;
  } finally {
    clearInterval(time);
  }
};

/** Waits for a fact while the fake's time passes quickly. */
export const inQuickTime = async <T>(
  fake: FakeDiscord,
  fact: string,
  look: () => T,
): Promise<NonNullable<T>> => (await passTimeUntil(fake, fake.waitFor(fact, look))) as NonNullable<T>;
