import { describe, expect, it } from 'vitest';
import { ranks } from '../../../src/chat/shared/rate-budget.ts';
import { createWriteBudget } from '../../../src/chat/slack/write-budget.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const createWriter = () => {
  const clock = createFakeClock();
  const budget = createWriteBudget(clock);
  const done: string[] = [];
  const write =
    (kind: 'post' | 'update' | 'lookUp') =>
    (
      name: string,
      rank: keyof typeof ranks,
      {
        tenant = 'T1',
        team = tenant,
        channel = 'C1',
        signal,
      }: { tenant?: string; team?: string; channel?: string; signal?: AbortSignal } = {},
    ): Promise<unknown> =>
      budget[kind]({ place: { tenant, team, channel, user: 'U1' }, rank: ranks[rank], signal }, async () => {
        done.push(name);
      }).catch((error: unknown) => error);
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  const count = (name: string): number => done.filter((one) => one === name).length;
  const many = (writing: () => unknown, times: number): void => {
    for (let time = 0; time < times; time++) writing();
  };
  const [post, update, lookUp] = [write('post'), write('update'), write('lookUp')];
  return { clock, budget, done, post, update, lookUp, settle, count, many };
};

describe('what the bot changes in a workspace', () => {
  it('leaves room for states where there are many pictures, and for last words where there are many states', async () => {
    const { update, settle, count, many } = createWriter();
    many(() => update('picture', 'progress'), 100);
    await settle();
    expect(count('picture')).toBe(36);
    many(() => update('state', 'answer'), 100);
    await settle();
    expect(count('state')).toBe(8);
    many(() => update('last', 'final'), 10);
    await settle();
    expect(count('last')).toBe(4);
  });

  it('stays below 50 a minute, last words first', async () => {
    const { clock, update, settle, count, done, many } = createWriter();
    many(() => update('state', 'answer'), 60);
    many(() => update('last', 'final'), 10);
    await settle();
    expect(done).toHaveLength(48);
    clock.advance(59_900);
    await settle();
    expect(done).toHaveLength(48);
    clock.advance(200);
    await settle();
    expect([count('last'), count('state')]).toEqual([10, 60]);
  });

  it('does not hold back other workspaces', async () => {
    const { update, settle, count, many } = createWriter();
    many(() => update('here', 'final'), 100);
    many(() => update('there', 'final', { tenant: 'T2' }), 5);
    many(() => update('in the same organisation', 'final', { team: 'T3' }), 5);
    await settle();
    expect([count('there'), count('in the same organisation')]).toEqual([5, 5]);
  });

  it('is left out where nobody waits for it any more', async () => {
    const { clock, update, settle, count, many } = createWriter();
    many(() => update('picture', 'progress'), 36);
    await settle();
    const leaving = new AbortController();
    const left = update('stale', 'progress', { signal: leaving.signal });
    leaving.abort();
    expect(await left).toMatchObject({ code: 'chat-unreachable' });
    clock.advance(60_100);
    await settle();
    expect(count('stale')).toBe(0);
  });

  it('is refused at the end of the process', async () => {
    const { budget, update, settle, many } = createWriter();
    many(() => update('picture', 'progress'), 36);
    await settle();
    const waiting = update('late', 'progress');
    await settle();
    await budget.close();
    expect(await waiting).toMatchObject({ code: 'stopping' });
  });
});

describe('what the bot asks about files', () => {
  it('leaves room for films where there are many pictures', async () => {
    const { lookUp, settle, count, many } = createWriter();
    many(() => lookUp('picture', 'progress'), 200);
    many(() => lookUp('film', 'final'), 35);
    await settle();
    expect([count('picture'), count('film')]).toEqual([60, 35]);
  });
});

describe('what the bot posts in a channel', () => {
  it('comes one a second and a few at once, and last words first', async () => {
    const { clock, post, settle, done, many } = createWriter();
    many(() => post('answer', 'answer'), 4);
    void post('picture', 'progress');
    void post('last', 'final');
    void post('elsewhere', 'answer', { channel: 'C2' });
    await settle();
    expect(done).toEqual(['answer', 'answer', 'answer', 'elsewhere']);
    clock.advance(3_150);
    await settle();
    expect(done.slice(4)).toEqual(['last', 'answer', 'picture']);
  });
});
