import { describe, expect, it } from 'vitest';
import { type EntryId, entrySubject } from '../../../src/domain/contest/contest.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import { messageKey } from '../../../src/domain/subject.ts';
import { createWorld, someone, type World } from '../../support/app-world.ts';
import { contestFacts } from '../../support/contest-facts.ts';
import { contestIn, enterFilm, newContest } from '../../support/contests.ts';

const keyOf = (entry: EntryId): string => messageKey(entrySubject(entry), 'in');

/** Tells somebody alone that their film is in, as the outbox knows it. */
const tellEntrant = async ({ chat, opened }: World, entry: EntryId): Promise<void> => {
  const key = keyOf(entry);
  const content: MessageContent = {
    subject: entrySubject(entry),
    body: { kind: 'contest', post: { kind: 'announcement', contest: contestFacts() } },
    attachments: [],
    actions: [],
    mentionsRequester: false,
  };
  await opened.store.outbox.begin(key);
  const message = await chat.send({ platform: 'web', ref: 'alone' }, content, { key });
  await opened.store.outbox.finish(key, message);
};

const withEntry = async () => {
  const world = await createWorld();
  const bot = world.start();
  const { id: render } = await bot.renders.submit(world.submission({ origin: someone }));
  await bot.finished(render);
  const { contests } = world.opened.store;
  const { id, version } = await contestIn(contests, 'entering', newContest({ origin: someone }));
  const entry = await enterFilm(world.opened.store, id, { render, user: someone.user });
  await tellEntrant(world, entry.id);
  const poster = await world.opened.blobs.put(new TextEncoder().encode('a poster'));
  const score = { entry: entry.id, number: 1, place: 1, points: 9, ranks: [3, 0, 0] } as const;
  await contests.update(id, version, { outcome: { kind: 'winners', voters: 3, table: [score] }, poster });
  return { world, bot, render, entry, poster };
};

const isTold = ({ chat }: World, entry: EntryId): boolean =>
  chat.messages.some(({ key }) => key === keyOf(entry));

describe('an entry whose photo is deleted', () => {
  it('leaves nothing of what was said about it alone, nor the poster that shows it', async () => {
    const { world, bot, render, entry, poster } = await withEntry();
    await bot.renders.erase({ photoOf: render }, someone);
    await world.chat.until(() => !isTold(world, entry.id));
    await bot.renders.sweep();
    expect(await world.opened.blobs.has(poster)).toBe(false);
    expect(await world.opened.store.erasures.entries()).toEqual([]);
    expect(await world.opened.store.outbox.get(keyOf(entry.id))).toBeUndefined();
  });

  it('is remembered while the chat cannot be reached', async () => {
    const { world, bot, render, entry } = await withEntry();
    const error = new GramzoomError('chat-unreachable', { platform: 'web', reason: 'no answer' });
    world.chat.failNext('remove', error, { times: 100 });
    await bot.renders.erase({ photoOf: render }, someone);
    await bot.renders.sweep();
    expect(isTold(world, entry.id)).toBe(true);
    expect(await world.opened.store.erasures.entries()).toEqual([entry.id]);
  });
});
