import { describe, expect, it } from 'vitest';
import { createRateBudget, type Rank, ranks } from '../../../src/chat/shared/rate-budget.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const scene = () => {
  const clock = createFakeClock();
  const turns = createRateBudget({ clock, platform: 'Discord', most: 5, windowMs: 5_000 });
  const done: string[] = [];
  const say = (
    name: string,
    rank: Rank,
    options: { channel?: string | null; message?: string; owner?: string } = {},
  ) => {
    const { channel = 'art', ...rest } = options;
    return turns.run({ channel, rank, ...rest }, async () => {
      done.push(name);
      return name;
    });
  };
  return { clock, turns, done, say };
};

describe('turns in a channel', () => {
  it('let five through in five seconds', async () => {
    const { clock, done, say } = scene();
    const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => say(name, ranks.answer));
    await settled();
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
    clock.advance(4999);
    await settled();
    expect(done).toHaveLength(5);
    clock.advance(1);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('let last words go before answers, and answers before pictures', async () => {
    const { clock, done, say } = scene();
    for (let count = 0; count < 5; count++) void say('before', ranks.answer);
    const waiting = [
      say('picture', ranks.progress),
      say('answer', ranks.answer),
      say('second answer', ranks.answer),
      say('film', ranks.final),
    ];
    clock.advance(5000);
    await Promise.all(waiting);
    expect(done.slice(5)).toEqual(['film', 'answer', 'second answer', 'picture']);
  });

  it('let each person have something said in turn, whoever has asked for how much', async () => {
    const { clock, done, say } = scene();
    const all = Array.from({ length: 100 }, (_, index) => say(`ann ${index}`, ranks.final, { owner: 'ann' }));
    await settled();
    all.push(say('film of bob', ranks.final, { owner: 'bob' }));
    all.push(say('place of cid', ranks.answer, { owner: 'cid' }));
    all.push(say('end of bob', ranks.final, { owner: 'bob' }));
    clock.advance(5000);
    await settled();
    expect(done.slice(5)).toEqual(['film of bob', 'ann 5', 'end of bob', 'ann 6', 'ann 7']);
    while (done.length < 103) {
      clock.advance(5000);
      await settled();
    }
    await Promise.all(all);
    expect(done.at(-1)).toBe('place of cid');
  });

  it('count for each channel alone, and not at all where there is no limit', async () => {
    const { say, done } = scene();
    for (let count = 0; count < 9; count++) void say('art', ranks.answer);
    await say('elsewhere', ranks.answer, { channel: 'other' });
    await say('anywhere', ranks.answer, { channel: null });
    expect(done).toContain('elsewhere');
    expect(done).toContain('anywhere');
  });

  it('let one writer at a message, in the order of asking, also after a failure', async () => {
    const { turns } = scene();
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const where = { channel: 'art', message: 'm', rank: ranks.answer };
    const first = turns.run(where, async () => {
      await gate.promise;
      throw new Error('failed');
    });
    const second = turns.run(where, async () => void done.push('second'));
    await turns.run({ ...where, message: 'n' }, async () => void done.push('other'));
    expect(done).toEqual(['other']);
    gate.resolve();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(done).toEqual(['other', 'second']);
  });

  it('wait for nothing while nobody asks: no timer is left', async () => {
    const { clock, say } = scene();
    await say('one', ranks.answer);
    expect(clock.waiting).toBe(0);
  });

  it('closing the turns refuses who waits and awaits what runs', async () => {
    const { turns, say, clock } = scene();
    const gate = Promise.withResolvers<void>();
    let isDone = false;
    const runs = turns.run({ channel: 'art', rank: ranks.answer }, async () => {
      await gate.promise;
      isDone = true;
    });
    for (let count = 0; count < 4; count++) void say('before', ranks.answer);
    const waits = expect(say('late', ranks.final)).rejects.toMatchObject({ code: 'stopping' });
    const closing = turns.close();
    await waits;
    gate.resolve();
    await closing;
    expect(isDone).toBe(true);
    await runs;
    await expect(say('after', ranks.final)).rejects.toMatchObject({ code: 'stopping' });
    expect(clock.waiting).toBe(0);
  });
});
