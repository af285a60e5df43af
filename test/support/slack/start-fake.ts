import { expect, onTestFinished } from 'vitest';
import { createFakeSlack, type FakeSlack, type FakeSlackOptions } from './fake-slack.ts';

/** A fake that ends with the test; the test fails where anything was not as Slack wants it. */
export const startFakeSlack = async (options: FakeSlackOptions = {}): Promise<FakeSlack> => {
  const fake = await createFakeSlack({ rateLimits: 'off', ...options });
  onTestFinished(async () => {
    await fake.close();
    expect(fake.violations).toEqual([]);
  });
  return fake;
};
