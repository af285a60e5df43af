import { describe, expect, it } from 'vitest';
import { createReactionLists } from '../../../src/chat/discord/reaction-lists.ts';

const at = { channel: '1', message: '2' };
const first = 1_000_000_000_000_000_000n;
const personAt = (index: number): string => String(first + BigInt(index));

/** So many people have reacted; each page may fail. */
const scene = (people: number, fails: (page: number) => boolean = () => false) => {
  const asked: URLSearchParams[] = [];
  const problems: unknown[] = [];
  const all = Array.from({ length: people }, (_, index) => ({ id: personAt(index) }));
  const listOf = createReactionLists({
    get: async (_, query) => {
      asked.push(query);
      if (fails(asked.length)) throw new Error('no answer');
      const after = BigInt(query.get('after') ?? 0);
      return all.filter(({ id }) => BigInt(id) > after).slice(0, Number(query.get('limit')));
    },
    onProblem: (error) => void problems.push(error),
  });
  const counted = { emoji: { id: null, name: '🎲' }, count: people + 1, me: true };
  const list = (isSuper = false) => listOf(at, [counted], isSuper);
  return { asked, problems, counted, listOf, list };
};

describe('a list of those who have reacted', () => {
  it('is read to its end beyond a thousand', async () => {
    const { list, asked } = scene(1_234);
    const { users, has } = await list();
    expect(users.size).toBe(1_234);
    expect(await has(personAt(1_233))).toBe(true);
    expect(await has(personAt(5_000))).toBe(false);
    expect(asked).toHaveLength(13);
  });

  it('a list that is too long to be read proves nothing about those who are not in it: they are asked about', async () => {
    const { list } = scene(9_000);
    const { users, has } = await list();
    expect(users.size).toBeLessThan(9_000);
    expect(await has(personAt(8_999))).toBe(true);
    expect(await has(personAt(9_000))).toBe(false);
  });

  it('holds those before a page that fails, and nobody counts as gone', async () => {
    const { list, problems } = scene(250, (page) => page > 1);
    const { users, has } = await list();
    expect(users.size).toBe(100);
    expect([await has(personAt(7)), await has(personAt(200)), await has(personAt(900))]).toEqual([
      ...[true, null, null],
    ]);
    expect(problems).toHaveLength(3);
  });

  it('is not asked for where the message shows that there is nobody in that form', async () => {
    const { listOf, counted, asked } = scene(3);
    const details = { count_details: { normal: 1, burst: 3 } };
    expect((await listOf(at, [{ ...counted, ...details }], false)).users.size).toBe(0);
    expect((await listOf(at, [], true)).users.size).toBe(0);
    expect(asked).toEqual([]);
    expect((await listOf(at, [{ ...counted, ...details }], true)).users.size).toBe(3);
    expect(asked[0]?.get('type')).toBe('1');
  });
});
