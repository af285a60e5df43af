import { describe, expect, it } from 'vitest';
import { inBerlin, storyBegins, tellHalloween } from '../support/contest-story.ts';
import { expectHalloween, tellForgetting } from '../support/contest-story-facts.ts';
import { createRunningClock } from '../support/running-clock.ts';
import { createSlackStory } from '../support/slack-contest-stage.ts';
import { slackStageForFile } from '../support/slack-stage.ts';

const stage = slackStageForFile({
  clock: createRunningClock({ startsAt: storyBegins }),
  rateLimits: 'off',
  pollsUntilReady: 0,
  pollsUntilShared: 0,
});

describe('a Halloween on Slack', () => {
  it('comes out as its ballots say, and each thing is said once', { timeout: 180_000 }, async () => {
    const { fake } = stage.current;
    const story = createSlackStory(stage.current);
    await tellHalloween(story, inBerlin);
    expectHalloween(story, inBerlin);
    expect(fake.deliveries.all.filter(({ hasFailed }) => hasFailed)).toEqual([]);
    await tellForgetting(story, 2);
  });
});
