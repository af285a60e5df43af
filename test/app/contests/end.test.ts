import { describe, expect, it } from 'vitest';
import type { EntryId } from '../../../src/domain/contest/contest.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import { codeOf } from '../../support/app-world.ts';
import { createContestCourse, person, until } from '../../support/contest-course.ts';
import { createFakeChat, type FakeChat, says } from '../../support/fake-chat.ts';

type Options = Parameters<typeof createContestCourse>[0];
const mod = person('mod');
const findRole = async () => ({ id: 'role-1', name: 'Champion' });

/** A contest that ann, bob and cem have entered, with these ballots by their numbers, best first. */
const createVoted = async (ballots: readonly (readonly number[])[], options: Options = {}) => {
  const course = await createContestCourse(options);
  await course.start({ theme: 'Cats', prize: 'Champion' }, { ...mod, findRole } as never);
  const entries: EntryId[] = [];
  for (const user of ['ann', 'bob', 'cem']) entries.push(await course.enter(user, await course.film(user)));
  await course.contests().close(mod);
  await until(() => course.post('gallery-1') !== undefined);
  for (const [index, ranks] of ballots.entries())
    await course.rank(`voter-${index}`, ...ranks.map((number) => entries[number - 1]!));
  const end = async (isSo = () => course.post('results') !== undefined): Promise<void> => {
    await course.contests().close(mod);
    await until(isSo);
  };
  return { ...course, id: course.id, entries, end };
};

const clear = [[1, 2], [1, 2, 3], [1]] as const;
const tied = [
  [1, 2],
  [1, 3],
  [1, 2],
  [1, 3],
] as const;

describe('the results of a contest', () => {
  it('share a place between entries with the same points, all of whose films are shown', async () => {
    const course = await createVoted(tied);
    await course.end(() => course.roles().includes('winner-3'));
    expect(course.post('results')).toMatchObject({
      table: [
        { number: 1, place: 1, by: { user: 'ann', name: 'Name of ann' } },
        { number: 2, place: 2, points: 4 },
        { number: 3, place: 2, points: 4 },
      ],
    });
  });

  it('come without a winner where fewer than three have voted, and give no prize', async () => {
    const course = await createVoted([[1], [1]]);
    await course.end();
    expect(course.post('results')).toMatchObject({ outcome: 'too-few-voters', prize: 'none' });
    expect(course.chat.roles).toEqual([]);
    expect(course.roles().filter((role) => role.startsWith('winner'))).toEqual([]);
  });

  it('leave out what was withdrawn after votes for it, and what was disqualified', async () => {
    const course = await createVoted(clear);
    const [ann, bob] = course.entries;
    await course.contests().take({ kind: 'withdraw', contest: course.id, entry: ann! }, person('ann'));
    const out = { kind: 'disqualify', contest: course.id, entry: bob! } as const;
    await course.contests().take(out, { ...mod, text: 'a dog' });
    await course.rank('voter-7', course.entries[2]!);
    await course.rank('voter-8', course.entries[2]!);
    await course.end();
    expect(course.post('results')).toMatchObject({ voters: 3, table: [{ number: 3, place: 1 }] });
  });

  it('tell that the bot may not give the prize, and that the winner has left', async () => {
    const denied = await createVoted(clear);
    denied.chat.denyRole('role-1');
    await denied.end();
    expect(denied.post('results')).toMatchObject({ prize: 'not-allowed' });
    const gone = await createVoted(clear);
    gone.chat.leave('ann');
    await gone.end();
    expect(gone.post('results')).toMatchObject({ prize: 'gone' });
  });

  it('wait for a chat that cannot be reached when the prize is given', async () => {
    const course = await createVoted(clear);
    course.chat.failNext(
      'giveRole',
      new GramzoomError('chat-unreachable', { platform: 'web', reason: null }),
    );
    await course.contests().close(mod);
    await until(() => course.chat.calls.some(({ operation }) => operation === 'giveRole'));
    expect(course.post('results')).toBe(undefined);
    await until(() => {
      course.clock.advance(5_000);
      return course.post('results') !== undefined;
    });
    expect(course.post('results')).toMatchObject({ prize: 'given' });
    expect(course.chat.roles).toHaveLength(1);
  });

  it('have the poster with them, and come without one that cannot be drawn', async () => {
    const drawn = await createVoted(clear, {
      changes: () => ({ drawPoster: async ({ theme }) => new TextEncoder().encode(theme) }),
    });
    await drawn.end();
    const [picture] = drawn.content('results')?.attachments ?? [];
    const bytes = picture && (await drawn.world.opened.blobs.get(picture.blob));
    expect(new TextDecoder().decode(bytes)).toBe('Cats');
    const undrawn = await createVoted(clear, {
      changes: () => ({
        drawPoster: async () => {
          throw new GramzoomError('render-crashed', { how: 'SIGKILL' });
        },
      }),
    });
    await undrawn.end();
    expect(undrawn.content('results')?.attachments).toEqual([]);
  });

  it.each([
    ['a still', 'gif', 'png'],
    ['words', 'png', undefined],
  ] as const)('show %s of a winner where more is not taken', async (_, refused, shown) => {
    const chat = createFakeChat();
    const isTooMuch = ({ attachments }: MessageContent): boolean =>
      attachments.some(({ format }) => format === 'gif' || format === refused);
    const send: FakeChat['send'] = async (target, content, options) => {
      if (options.key.includes(':winner-') && isTooMuch(content))
        throw new GramzoomError('file-too-large', { bytes: 1 });
      return await chat.send(target, content, options);
    };
    const course = await createVoted(clear, { chat: { ...chat, send } });
    await course.end(() => course.roles().includes('winner-3'));
    expect(course.content('winner-1')?.attachments.map(({ format }) => format)).toEqual(shown ? [shown] : []);
    expect(course.post('winner-1')).toMatchObject({ score: { place: 1, by: { user: 'ann' } } });
  });

  it('do not send a film again that was too large, in no later process', async () => {
    const chat = createFakeChat();
    let tries = 0;
    const refuse = ({ attachments }: MessageContent): void => {
      if (!attachments.some(({ format }) => format === 'gif')) return;
      tries += 1;
      throw new GramzoomError('file-too-large', { bytes: 1 });
    };
    const send: FakeChat['send'] = async (target, content, options) => {
      if (options.key.includes(':winner-')) refuse(content);
      return await chat.send(target, content, options);
    };
    const edit: FakeChat['edit'] = async (message, content, options) => {
      if (content.body.kind === 'contest') refuse(content);
      await chat.edit(message, content, options);
    };
    const course = await createVoted(clear, { chat: { ...chat, send, edit } });
    await course.end(() => course.roles().includes('winner-3'));
    expect(tries).toBe(3);
    await course.restart();
    await course.bot.renders.erase('everything', person('cem').actor);
    await until(() => {
      course.clock.advance(30_000);
      return (course.post('winner-3') as { score?: { by: unknown } } | undefined)?.score?.by === null;
    });
    expect(tries).toBe(3);
    expect(course.content('winner-1')?.attachments.map(({ format }) => format)).toEqual(['png']);
  });

  it('name and show nobody who has been deleted since', async () => {
    const course = await createVoted(clear, {
      changes: () => ({ drawPoster: async ({ theme }) => new TextEncoder().encode(theme) }),
    });
    await course.end(() => course.roles().includes('winner-3'));
    await until(async () => (await course.row()).reel !== null);
    await course.bot.finished((await course.row()).reel!);
    expect(course.content('winner-1')?.attachments).toHaveLength(1);
    await course.bot.renders.erase('everything', person('ann').actor);
    await until(() => {
      course.clock.advance(30_000);
      return course.content('winner-1')?.attachments.length === 0;
    });
    expect(course.post('winner-1')).toMatchObject({ score: { place: 1, points: 9, by: null } });
    await until(() => course.content('results')?.attachments.length === 0);
    expect(JSON.stringify(course.post('results'))).not.toContain('ann');
    expect((await course.row()).reel).toBe(null);
    course.clock.advance(30_000);
    expect(await course.world.opened.store.jobs.inState('fetching', 'queued', 'running')).toEqual([]);
  });

  it('have one reel through the photos from the third place to the first, in the thread', async () => {
    const course = await createVoted(clear);
    await course.end();
    await until(async () => (await course.row()).reel !== null);
    const reel = await course.world.job((await course.row()).reel!);
    const jobs = await Promise.all(
      course.entries.map(async (id) => course.world.job((await course.rows.entry(id))!.render)),
    );
    const [first, second, third] = jobs.map(({ photo }) => photo);
    expect(reel.photo).toBe(third);
    expect(reel.request).toMatchObject({ through: [{ photo: second }, { photo: first }] });
    expect(reel.replyTarget.ref).toBe(`thread:${course.message('announcement')?.id}`);
    expect(reel.origin.user).toBe('mod');
    await course.bot.finished(reel.id);
    const said = course.chat.messages.filter(({ key }) => key.includes(reel.id)).map(says);
    expect(said.map((content) => content?.body)).toContainEqual(
      expect.objectContaining({ kind: 'result', isReel: true }),
    );
    const film = said.find((content) => content?.attachments[0]?.format === 'gif');
    expect(film).toMatchObject({ actions: ['download', 'delete'], mentionsRequester: false });
  });

  it('stand in the hall, and can be taken along by a host once the contest is over, also while the next one runs', async () => {
    const course = await createVoted(clear);
    expect(await codeOf(course.contests().export(mod))).toBe('contest-phase');
    expect(await course.contests().hall(person('ann'))).toEqual({ kind: 'hall', contests: [] });
    await course.end();
    const view = await course.contests().export(mod);
    expect(view).toMatchObject({
      kind: 'export',
      content: { facts: { phase: 'closed' }, table: [{ number: 1, picture: { format: 'gif' } }, {}, {}] },
    });
    expect((await course.row()).exportedAt).toBe(course.clock.wallTime());
    expect(await course.contests().hall(person('ann'))).toMatchObject({
      contests: [{ theme: 'Cats', voters: 3, winners: [{ place: 1, by: { name: 'Name of ann' } }, {}, {}] }],
    });
    await course.contests().start({ theme: 'Dogs' }, mod);
    expect(await course.contests().export(mod)).toMatchObject({
      content: { facts: { rules: { theme: 'Cats' } } },
    });
    const elsewhere = await course.contests().hall(person('ann', 'elsewhere'));
    expect(elsewhere).toEqual({ kind: 'hall', contests: [] });
  });
});
