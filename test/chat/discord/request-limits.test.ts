import { describe, expect, it } from 'vitest';
import { dispensableHeader, requestKind } from '../../../src/chat/discord/request-kind.ts';
import { createRequestLimits } from '../../../src/chat/discord/request-limits.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const bot = { authorization: 'Bot a-bot.token' };
const channel = '111111111111111111';
const edit = (message: string, headers: Readonly<Record<string, string>> = {}) =>
  requestKind(`https://discord.com/api/v10/channels/${channel}/messages/${message}`, {
    ...{ method: 'PATCH', headers: { ...bot, ...headers }, body: '{}' },
  });
const post = requestKind(`https://discord.com/api/v10/channels/${channel}/messages`, {
  ...{ method: 'POST', headers: bot, body: '{}' },
});
const callback = requestKind('https://discord.com/api/v10/interactions/1/token/callback', {
  ...{ method: 'POST', headers: {}, body: '{}' },
});

type Shape = { readonly headers?: Readonly<Record<string, string>>; readonly text?: string };
const limited = (body: object = {}): string => JSON.stringify({ message: 'limited', ...body });

/** Asks again whenever it may, as a platform refuses each time; the moments in seconds at which it asked. */
const scene = () => {
  const clock = createFakeClock();
  const warned: string[] = [];
  const limits = createRequestLimits({ clock, log: { warn: (text) => warned.push(text) }, random: () => 1 });
  const never = new AbortController().signal;
  /** Whether it may be asked now. */
  const enter = async (kind = edit('1')): Promise<boolean> =>
    await limits.enter(kind, { giveUpAt: clock.now(), signal: never }).then(
      () => true,
      () => false,
    );
  const answer = (status: number, { headers = {}, text = '' }: Shape = {}, kind = edit('1')): void =>
    limits.answered(kind, { status, headers: new Headers(headers), text }, { sentAt: clock.now() });
  const asked = async (minutes: number, status: number, shape: Shape, kind = edit('1')) => {
    const moments: number[] = [];
    for (let second = 0; second < minutes * 60; second++) {
      if (await enter(kind)) {
        moments.push(second);
        answer(status, shape, kind);
      }
      clock.advance(1000);
    }
    return moments;
  };
  return { clock, limits, enter, answer, asked, warned };
};

describe('a refusal that says nothing of use', () => {
  it.each<[string, Shape]>([
    ['nothing at all', {}],
    ['a page', { text: '<html>rate limited</html>', headers: { 'content-type': 'text/html' } }],
    ['no header and no time in the body', { text: limited(), headers: { 'x-ratelimit-scope': 'user' } }],
    ['zero', { text: limited({ retry_after: 0 }), headers: { 'retry-after': '0' } }],
    ['less than zero', { text: limited({ retry_after: -3 }), headers: { 'retry-after': '-3' } }],
    ['no number', { text: limited({ retry_after: 'soon' }), headers: { 'retry-after': 'NaN' } }],
    ['far too much', { text: limited({ retry_after: 1e12 }), headers: { 'retry-after': '1e12' } }],
    ['a date that is over', { headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } }],
    ['a thousandth of a second', { text: limited({ retry_after: 0.001 }) }],
  ])('is asked again after longer and longer pauses: %s', async (_, shape) => {
    const { asked } = scene();
    const moments = await asked(20, 429, shape);
    expect(moments.length).toBeGreaterThan(5);
    expect(moments.length).toBeLessThan(14);
    const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0));
    expect(gaps.toSorted((a, b) => a - b)).toEqual(gaps);
  });

  it.each([401, 403])('is asked again after longer and longer pauses: a bare %s', async (status) => {
    expect((await scene().asked(20, status, { text: '<html>' })).length).toBeLessThan(14);
  });
});

describe('a refusal with a time', () => {
  it.each<[string, Shape]>([
    ['in the body', { text: limited({ retry_after: 40 }), headers: { 'retry-after': '41' } }],
    ['in the header', { headers: { 'retry-after': '40', 'x-ratelimit-scope': 'user' } }],
    [
      'as a date',
      {
        headers: {
          date: 'Wed, 21 Oct 2026 07:28:00 GMT',
          'retry-after': 'Wed, 21 Oct 2026 07:28:40 GMT',
        },
      },
    ],
  ])('is believed: %s', async (_, shape) => {
    const { enter, answer, clock } = scene();
    answer(429, shape);
    clock.advance(39_999);
    expect(await enter()).toBe(false);
    clock.advance(1);
    expect(await enter()).toBe(true);
  });

  it('a refusal of one route holds no other, and one of all routes holds all but answers to interactions', async () => {
    const { enter, answer } = scene();
    answer(429, { text: limited({ retry_after: 40 }), headers: { 'x-ratelimit-scope': 'user' } });
    expect([await enter(edit('222222222222222222')), await enter(post)]).toEqual([true, true]);
    answer(429, { text: limited({ retry_after: 40, global: true }) });
    expect([await enter(post), await enter(callback)]).toEqual([false, true]);
  });

  it('a refusal that was told to many requests at once counts once', async () => {
    const { enter, answer, clock } = scene();
    for (let count = 0; count < 40; count++) answer(429);
    clock.advance(1000);
    expect(await enter()).toBe(true);
  });

  it('is over for all as soon as one works again, who alone asks before', async () => {
    const { enter, answer, clock } = scene();
    answer(429);
    clock.advance(1000);
    expect([await enter(post), await enter(edit('2'))]).toEqual([true, false]);
    answer(200, {}, post);
    expect(await enter(edit('2'))).toBe(true);
  });

  it('waits ahead where a limit is used up, for a minute at most', async () => {
    const { enter, answer, clock } = scene();
    answer(200, { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1e9' } });
    answer(200, { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '80000' } }, post);
    expect([await enter(), await enter(post)]).toEqual([true, false]);
    clock.advance(60_000);
    expect(await enter(post)).toBe(true);
  });
});

describe('a storm of refusals', () => {
  it('ends what nobody would miss, then everything, and is told once', async () => {
    const { enter, answer, warned, clock } = scene();
    const refuse = (times: number) => {
      for (let count = 0; count < times; count++) answer(403, { text: '{"code":50013}' }, post);
    };
    const picture = edit('1', { [dispensableHeader]: 'yes' });
    refuse(300);
    expect([await enter(picture), await enter(post)]).toEqual([false, true]);
    refuse(1200);
    expect([await enter(picture), await enter(post), await enter(callback)]).toEqual([false, false, false]);
    expect(warned).toHaveLength(1);
    clock.advance(600_000);
    expect([await enter(picture), await enter(post)]).toEqual([true, true]);
  });

  it('does not count refusals of what is limited for everybody', async () => {
    const { enter, answer } = scene();
    for (let count = 0; count < 2000; count++) {
      answer(429, { text: limited({ retry_after: 1 }), headers: { 'x-ratelimit-scope': 'shared' } }, post);
    }
    expect(await enter(edit('1', { [dispensableHeader]: 'yes' }))).toBe(true);
  });
});
