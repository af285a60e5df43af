import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { isFinished, type JobId } from '../../../src/domain/job.ts';
import {
  type BotProcess,
  createWorld,
  messageWith,
  photoBytes,
  type World,
} from '../../support/app-world.ts';
import { createFakeChat, says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer, type FakeScript, fakeFilm } from '../../support/fake-renderer.ts';
import { createMortal, type Death, type Mortal } from '../../support/mortal.ts';

const never: Death = { call: Number.POSITIVE_INFINITY, when: 'before' };

/** How a render ends, what its last words are, and what makes it end so. */
const endings = {
  done: { words: 'result', script: () => ({}) },
  failed: {
    words: 'failed',
    script: () => ({
      before: ({ frame }) => {
        if (frame === 2) throw new GramzoomError('render-diverged', {});
      },
    }),
  },
  cancelled: {
    words: 'cancelled',
    script: (cancel) => ({
      before: ({ frame }) => {
        if (frame !== 2) return undefined;
        void cancel();
        return new Promise(() => {});
      },
    }),
  },
} as const satisfies Record<string, { words: string; script: (cancel: () => Promise<void>) => FakeScript }>;

type Ending = keyof typeof endings;

/** A process that dies at some moment. Every life has a clock of its own: the dead have no timers. */
const startLife = (world: World, ending: Ending, death: Death) => {
  let mortal: Mortal | undefined;
  const cancel = async (): Promise<void> => {
    const [running] = await world.opened.store.jobs.inState('running');
    if (running) await bot.renders.cancel(running.id, { actor: running.origin });
  };
  const clock = createFakeClock();
  const script: FakeScript = endings[ending].script(cancel);
  const before: FakeScript['before'] = (step) => {
    // Long enough for a picture in the thread now and then.
    clock.advance(2000);
    return script.before?.(step);
  };
  const bot: BotProcess = world.start({
    clock,
    renderer: createFakeRenderer({ before }),
    changes: (deps) => {
      mortal = createMortal(deps, death);
      return mortal.changes;
    },
  });
  return { bot, mortal: mortal! };
};

/** What was cancelled says so in the answer alone. */
const lastRole = (ending: Ending): string => (ending === 'cancelled' ? 'answer' : 'final');

/** Waits until a render is finished and its last words are said. */
const seeItThrough = async (world: World, bot: BotProcess, id: JobId, ending: Ending): Promise<void> => {
  if (!isFinished((await world.job(id)).state)) await bot.finished(id);
  const { words } = endings[ending];
  await world.chat.until((chat) => says(messageWith(chat, `${id}:${lastRole(ending)}`))?.body.kind === words);
};

const checkEnd = async (world: World, id: JobId, ending: Ending): Promise<void> => {
  const job = await world.job(id);
  const mine = world.chat.messages.filter(({ key }) => key.startsWith(`${id}:`));
  const { words } = endings[ending];
  expect({ state: job.state, said: mine.map((message) => [message.key, says(message)?.body.kind]) }).toEqual({
    state: ending,
    said: [...new Set(['answer', lastRole(ending)])].map((role) => [`${id}:${role}`, words]),
  });
  expect(await world.opened.checkpoints.list()).toEqual([]);
  if (ending !== 'done') return;
  const film = job.result && (await world.opened.blobs.get(job.result));
  expect(film && Buffer.from(film).equals(fakeFilm(job.request, photoBytes))).toBe(true);
};

/** One render through one death, if it comes before the end. */
const dieOnce = async (world: World, ending: Ending, death: Death): Promise<void> => {
  const submission = world.submission();
  const newest = async (): Promise<JobId | undefined> =>
    (await world.opened.store.jobs.ofUser(submission.origin, { limit: 1 }))[0]?.id;
  const before = await newest();
  const first = startLife(world, ending, death);
  const whole = first.bot.renders
    .submit(submission)
    .then(({ id }) => seeItThrough(world, first.bot, id, ending));
  await Promise.race([whole, first.mortal.died]);
  first.bot.bury();
  const id = await newest();
  // Nothing was accepted yet.
  if (id === undefined || id === before) return;
  const second = startLife(world, ending, never);
  await second.bot.renders.resume();
  await seeItThrough(world, second.bot, id, ending);
  await second.bot.renders.sweep();
  await second.bot.stop();
  await checkEnd(world, id, ending);
};

describe.each(Object.keys(endings) as readonly Ending[])('a render that is %s', (ending) => {
  it('gets one answer and one last word, whichever call to the outside its process dies in', async () => {
    const world = await createWorld({ chat: createFakeChat({ isForgetful: true }) });
    const whole = startLife(world, ending, never);
    const { id } = await whole.bot.renders.submit(world.submission());
    await seeItThrough(world, whole.bot, id, ending);
    await whole.bot.stop();
    await checkEnd(world, id, ending);
    const { calls } = whole.mortal;
    expect(calls).toBeGreaterThan(25);
    // Dying before a call is dying after the one before it, but for the first.
    await dieOnce(world, ending, { call: 1, when: 'before' });
    for (let call = 1; call <= calls; call++) await dieOnce(world, ending, { call, when: 'after' });
  });
});
