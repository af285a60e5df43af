import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../../src/domain/random.ts';
import { quickBotOnDiscord } from '../support/bot-on-fake.ts';
import { type BotProcess, killWhileStarting, startBotProcess } from '../support/bot-process.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { type Halloween, storyBegins, tellHalloween } from '../support/contest-story.ts';
import { expectHalloween } from '../support/contest-story-facts.ts';
import { createFakeDiscord } from '../support/discord/fake-discord.ts';
import { noLimits } from '../support/discord/rest/rate-limits.ts';
import { createDiscordStory } from '../support/discord-contest-stage.ts';
import { createRunningClock } from '../support/running-clock.ts';
import { leadClock } from '../support/set-clock.ts';
import { inspectStore } from './inspect-folder.ts';
import { drawMoment, killAt, type TownMoment } from './town-kills.ts';

export type ContestKill = {
  readonly moment: TownMoment;
  /** What the platform had been asked last. */
  readonly lastRequest: string;
  /** How often people have used something so far, and posts of the contest that are there. */
  readonly used: number;
  readonly posts: number;
};

export type ContestRun = {
  /** Kills while the story was told. */
  readonly kills: number;
  /** How often nobody answered, so that it was done again. */
  readonly unanswered: number;
  /** Messages that were found instead of being sent twice. */
  readonly suppressed: number;
  readonly problems: readonly string[];
};

/** Longer than any test lets pass. */
const longMs = 1_000_000_000;

/** Discord is asked to do something so often in the whole story. */
const storyRequests = 900;

/**
 * A whole Halloween on a fake Discord, with a bot that is killed so many times while it is told. It must come out as
 * if nothing had happened: every vote counted once, every post there once.
 * @param options.lifeMs the longest that a bot lives
 */
export const playContestKills = async ({
  kills,
  seed,
  halloween,
  lifeMs = 4_000,
  onKill = () => {},
}: {
  readonly kills: number;
  readonly seed: number;
  readonly halloween: Halloween;
  readonly lifeMs?: number;
  readonly onKill?: (kill: ContestKill) => void;
}): Promise<ContestRun> => {
  const random = createRandom(seed);
  const folder = temporaryFolder();
  const own = createRunningClock({ startsAt: storyBegins });
  const fake = await createFakeDiscord({
    ...{ clock: own, rateLimits: noLimits, gateway: { heartbeatMs: longMs } },
  });
  const clockFile = join(folder.path, 'clock');
  const clock = leadClock(own, clockFile);
  const { program, environment: login } = quickBotOnDiscord(fake, clockFile);
  const limits = { USER_LIMIT: '1000', SERVER_LIMIT: '1000' };
  const environment = { ...login, ...limits, LOG_LEVEL: 'debug', GRACE_MS: '20000' };
  const data = join(folder.path, 'data');
  const lives: BotProcess[] = [];
  const problems: string[] = [];
  const note = (error: unknown): void => void problems.push(String(error));
  let isThere = false;

  const story = {
    ...createDiscordStory(fake, {
      there: () => fake.waitFor('a bot', () => isThere && fake.commands.global.size > 0),
      count: () => lives.length,
    }),
    clock,
  };
  const used = (): number => fake.core.interactions.size;
  const place = {
    writes: () =>
      fake.requests.filter(({ method, status }) => method !== 'GET' && status >= 200 && status < 300).length,
    used,
    onChange: fake.core.onChange,
  };

  const start = async (): Promise<BotProcess> => {
    const bot = await startBotProcess(data, environment, { program });
    lives.push(bot);
    isThere = true;
    fake.core.changed();
    return bot;
  };
  const die = async (moment: TownMoment): Promise<void> => {
    if (moment.kind === 'starting') {
      return await killWhileStarting(data, { afterMs: moment.afterMs, environment, program });
    }
    const bot = await start();
    await killAt(place, bot, { moment, quietMs: 2 * lifeMs });
    bot.killGroup();
    isThere = false;
    const status = await bot.gone;
    if (status !== 'SIGKILL') problems.push(`it ended by itself, with ${status}`);
  };

  try {
    let isTold = false;
    const telling = tellHalloween(story, halloween)
      .catch(note)
      .finally(() => {
        isTold = true;
      });
    let killed = 0;
    for (; killed < kills && !isTold; killed++) {
      const moment = drawMoment(random, lifeMs, { most: (2 * storyRequests) / kills });
      await die(moment);
      const last = fake.requests.at(-1);
      const lastRequest = last ? `${last.method} ${last.path}` : '-';
      onKill({ moment, lastRequest, used: used(), posts: story.posts().length });
    }
    const bot = await start();
    await telling;
    // What a process that dies right after a post would have posted once more.
    clock.advance(60 * 60_000);
    await pause(2_000);
    if (problems.length === 0) expectHalloween(story, halloween);
    bot.signal('SIGTERM');
    const status = await bot.gone;
    if (status !== 0) problems.push(`it stopped with ${status}`);
    const { integrity } = await inspectStore(data);
    if (integrity !== 'ok') problems.push(`the database says ${integrity}`);
    const lines = lives.flatMap(({ log }) => log);
    const errors = lines.filter(({ level }) => level === 'error' || level === 'fatal');
    return {
      kills: killed,
      unanswered: story.unanswered(),
      suppressed: lines.filter(({ kind }) => kind === 'duplicate-suppressed').length,
      problems: [
        ...problems,
        ...fake.violations.map(({ what, route }) => `not as Discord describes it: ${what} ${route}`),
        ...errors.map(({ msg }) => `the log has an error: ${msg}`),
      ],
    };
  } catch (error) {
    note(error);
    return { kills, unanswered: story.unanswered(), suppressed: 0, problems };
  } finally {
    for (const bot of lives) bot.killGroup();
    await Promise.all(lives.map(({ gone }) => gone));
    await fake.close();
    folder.remove();
  }
};
