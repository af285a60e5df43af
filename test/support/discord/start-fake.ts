import { expect, onTestFinished } from 'vitest';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake-discord.ts';
import { noLimits } from './rest/rate-limits.ts';

/** A fake that ends with the test; the test fails where anything was not as Discord describes it. */
export const startFake = async (options: FakeDiscordOptions = {}): Promise<FakeDiscord> => {
  const fake = await createFakeDiscord({ rateLimits: noLimits, ...options });
  onTestFinished(async () => {
    await fake.close();
    expect(fake.violations).toEqual([]);
  });
  return fake;
};
