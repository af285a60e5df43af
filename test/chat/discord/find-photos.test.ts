import type { REST } from 'discord.js';
import { expect, it } from 'vitest';
import { discordFileHosts } from '../../../src/chat/discord/attachment-ref.ts';
import { readMessage } from '../../../src/chat/discord/events.ts';
import { createFindPhotos } from '../../../src/chat/discord/find-photos.ts';
import { createAllowedHosts } from '../../../src/chat/shared/allowed-hosts.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const image = { proxy_url: 'https://images-ext-1.discordapp.net/external/x/https/web.example/cat.png' };
const attachment = {
  id: '9',
  filename: 'own.png',
  url: 'https://cdn.discordapp.com/attachments/1/9/own.png',
};

/** What is found in a message, where requests are answered so. */
const finding = (answers: Readonly<Record<string, object>>) => {
  const asked: string[] = [];
  const clock = createFakeClock();
  const ending = new AbortController();
  const get = async (route: string): Promise<unknown> => {
    asked.push(route);
    return answers[route] ?? Promise.reject(new Error('404'));
  };
  const find = createFindPhotos({
    ...{ clock, signal: ending.signal, hosts: createAllowedHosts(discordFileHosts) },
    rest: { get } as unknown as REST,
  });
  const of = (event: object) =>
    find(readMessage({ id: '3', channel_id: '2', author: { id: '5' }, ...event }));
  return { asked, clock, ending, of };
};

const link = { type: 0, content: '<@1> https://web.example/cat.png' };
const reply = { type: 19, content: '<@1>', message_reference: { type: 0, channel_id: '2', message_id: '8' } };

it('a link is looked at again once Discord has had time for its preview', async () => {
  const { asked, clock, of } = finding({ '/channels/2/messages/3': { embeds: [{ thumbnail: image }] } });
  const found = of(link);
  await Promise.resolve();
  expect(asked).toEqual([]);
  clock.advance(3_000);
  expect(await found).toMatchObject({ photos: [{ url: image.proxy_url }], author: null });
});

it('nobody waits for a preview where there is a photo, or no link', async () => {
  const { asked, of } = finding({});
  expect((await of({ ...link, attachments: [attachment] })).photos).toHaveLength(1);
  expect((await of({ ...link, embeds: [{ image }] })).photos).toHaveLength(1);
  expect((await of({ type: 0, content: '<@1> hello' })).photos).toEqual([]);
  expect(asked).toEqual([]);
});

it('an answer is about the photo that it answers, and says whose message that is', async () => {
  const { asked, of } = finding({ '/channels/2/messages/8': { author: { id: '7' }, embeds: [{ image }] } });
  const told = { attachments: [attachment], author: { id: '6' } };
  expect(await of({ ...reply, referenced_message: told })).toMatchObject({
    photos: [{ name: 'own.png' }],
    author: '6',
  });
  expect(asked).toEqual([]);
  for (const referenced_message of [undefined, null, { ...told, attachments: [] }]) {
    expect(await of({ ...reply, referenced_message })).toMatchObject({
      photos: [{ url: image.proxy_url }],
      author: '7',
    });
  }
  expect(asked).toHaveLength(3);
});

it('what is gone or not to be seen holds no photo', async () => {
  const { of } = finding({});
  expect(await of(reply)).toEqual({ photos: [], author: null });
});

it('an end of the process ends the wait', async () => {
  const { ending, of } = finding({});
  const found = of(link);
  await Promise.resolve();
  ending.abort();
  await expect(found).rejects.toMatchObject({ code: 'cancelled' });
});
