import type { FakeDiscord } from './fake-discord.ts';

/**
 * Waits for a fact while the fake's time passes quickly, for what waits for its turn or goes on trying. discord.js
 * beats its heart by the machine's time.
 */
export const inQuickTime = async <T>(
  fake: FakeDiscord,
  fact: string,
  look: () => T,
): Promise<NonNullable<T>> => {
  const time = setInterval(() => {
    fake.clock.advance(500);
    fake.core.changed();
  }, 5);
  try {
    return (await fake.waitFor(fact, look)) as NonNullable<T>;
  } finally {
    clearInterval(time);
  }
};
