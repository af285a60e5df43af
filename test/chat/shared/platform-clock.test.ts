import { describe, expect, it } from 'vitest';
import { createPlatformClock } from '../../../src/chat/shared/platform-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { running } from '../../support/contents.ts';
import { startFake } from '../../support/discord/start-fake.ts';
import { createBot, listening, photo } from '../../support/discord-bot.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The same clock on a machine whose date is wrong. */
const wrong = (clock: Clock, aheadMs: number): Clock => ({
  now: clock.now,
  after: clock.after,
  wallTime: () => clock.wallTime() + aheadMs,
});

const skews: readonly (readonly [string, number])[] = [
  ['14 minutes fast', 14 * minuteMs],
  ['14 minutes slow', -14 * minuteMs],
  ['three days fast', 3 * dayMs],
  ['three days slow', -3 * dayMs],
];

describe("Discord's time", () => {
  const scene = (aheadMs: number) => {
    const machine = createFakeClock();
    let ahead = aheadMs;
    const logged: string[] = [];
    const note = (text: string): void => void logged.push(text);
    const time = createPlatformClock(
      { ...machine, wallTime: () => machine.wallTime() + ahead },
      { platform: 'Discord', log: { warn: note, info: note } },
    );
    const answered = (): void => time.answered(new Date(machine.wallTime()).toUTCString());
    const set = (ms: number): void => {
      ahead = ms;
    };
    return { machine, time, answered, logged, set };
  };

  it.each(skews)('is right on a machine that is %s', (_, aheadMs) => {
    const { machine, time, answered } = scene(aheadMs);
    answered();
    machine.advance(30 * minuteMs);
    expect(Math.abs(time.clock.wallTime() - machine.wallTime())).toBeLessThan(2000);
  });

  it('does not follow a clock that is set, and tells a difference once until it is another', () => {
    const { machine, time, answered, logged, set } = scene(0);
    answered();
    set(dayMs);
    expect(Math.abs(time.clock.wallTime() - machine.wallTime())).toBeLessThan(2000);
    expect(logged).toEqual([]);
    for (const ahead of [dayMs, dayMs, dayMs + 5000, 2 * dayMs, 0, 0]) {
      set(ahead);
      answered();
    }
    expect(logged).toHaveLength(3);
  });

  it.each(['', 'NaN', 'yesterday', 'Thu, 01 Jan 1970 00:00:00 GMT'])('is not read from %j', (date) => {
    const { machine, time } = scene(0);
    time.answered(date);
    expect(time.clock.wallTime()).toBe(machine.wallTime());
  });

  it('is at least that of what was made there', () => {
    const { machine, time } = scene(-dayMs);
    time.notBefore(machine.wallTime());
    expect(time.clock.wallTime()).toBe(machine.wallTime());
  });
});

describe.each(skews)('on a machine whose clock is %s', (_, aheadMs) => {
  const skewed = async () => {
    const fake = await startFake();
    const clock = wrong(fake.clock, aheadMs);
    const ann = fake.person('ann');
    const guild = fake.guild({ members: [ann] });
    const made = createBot(fake, { clock, heartbeatMs: 60 * minuteMs });
    await made.bot.start();
    await fake.waitFor('the commands', () => fake.commands.global.size > 0);
    return { fake, ann, place: guild.channel('art'), ...made };
  };

  it('commands are answered by what acknowledges them, and moments are shown as Discord has them', async () => {
    const { fake, ann, place, logged } = await skewed();
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    expect(asked.didNotRespond).toBe(false);
    const second = await ann.command('gramzoom', { photo }, { in: place });
    const reply = await fake.waitFor('the answer with its time', () =>
      second.reply?.content.includes('<t:') ? second.reply : undefined,
    );
    const [, at] = /<t:(\d+):R>/.exec(reply.content) ?? [];
    expect(Math.abs(Number(at) * 1000 - fake.clock.wallTime())).toBeLessThan(2 * minuteMs);
    const answered = fake.requests.filter(({ path }) => path.endsWith('/callback'));
    expect(answered).toHaveLength(2);
    expect(fake.invalidRequests).toBe(0);
    expect(logged.filter((line) => line.includes('clock: this machine differs'))).toHaveLength(1);
  });

  it('an answer is changed by its token until that lapses', async () => {
    const { fake, ann, place, renders } = await skewed();
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    const { id } = renders.rows[0]!;
    await renders.start(id, 1);
    expect(fake.requests.at(-1)?.path).toContain('/webhooks/');
    fake.clock.advance(15 * minuteMs);
    await renders.fail(id, { code: 'render-diverged', data: {} });
    expect(fake.requests.at(-1)?.path).not.toContain('/webhooks/');
    expect(fake.invalidRequests).toBe(0);
  });

  it('an answer is changed by its token after a restart, too, before anything else was heard', async () => {
    const { fake, ann, place, renders, bot } = await skewed();
    const asked = await ann.command('gramzoom', { photo }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    await bot.close();
    const next = createBot(fake, { clock: wrong(fake.clock, aheadMs) }).bot;
    await next.chat.edit(renders.rows[0]!.answer!, running(3));
    expect(fake.requests.at(-1)).toMatchObject({ method: 'PATCH', status: 200 });
    expect(fake.requests.at(-1)?.path).toContain('/webhooks/');
    fake.clock.advance(15 * minuteMs);
    await next.chat.edit(renders.rows[0]!.answer!, running(4));
    expect(fake.requests.at(-1)?.path).not.toContain('/webhooks/');
    expect(fake.invalidRequests).toBe(0);
  });
});

it('a machine whose clock is right says nothing of it', async () => {
  const { logged } = await listening();
  expect(logged.filter((line) => line.includes('clock'))).toEqual([]);
});
