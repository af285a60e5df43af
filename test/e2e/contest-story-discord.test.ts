import { describe, expect, it } from 'vitest';
import { counted, inNewYork, storyBegins, tellHalloween } from '../support/contest-story.ts';
import { expectHalloween, tellForgetting } from '../support/contest-story-facts.ts';
import { noLimits } from '../support/discord/rest/rate-limits.ts';
import { createDiscordStory } from '../support/discord-contest-stage.ts';
import { stageForFile } from '../support/discord-stage.ts';
import { createRunningClock } from '../support/running-clock.ts';

const stage = stageForFile({
  clock: createRunningClock({ startsAt: storyBegins }),
  rateLimits: noLimits,
  // Days pass between two heartbeats.
  heartbeatMs: 1_000_000_000,
  gateway: { heartbeatMs: 1_000_000_000 },
});

describe('a Halloween on Discord', () => {
  it('comes out as its ballots say, and each thing is said once', { timeout: 120_000 }, async () => {
    const story = createDiscordStory(stage.current.fake);
    await tellHalloween(story, inNewYork);
    expectHalloween(story, inNewYork);
    expect(story.unanswered()).toBe(0);
    expect(counted.filter(({ who }) => story.isChampion(who)).map(({ who }) => who)).toEqual([7]);
    await tellForgetting(story, 2);
  });
});
