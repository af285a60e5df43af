import { Events, type Interaction } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import type { FakeDiscord } from './fake-discord.ts';
import type { RateLimits } from './rest/rate-limits.ts';
import { overwriteCommands } from './state/commands.ts';
import { codeOf, inAGuild } from './test-client.ts';

const messages = '/channels/{channel_id}/messages';

const statuses = (fake: FakeDiscord, method: string, path = messages): readonly number[] =>
  fake.requests.filter((each) => each.method === method && each.path === path).map(({ status }) => status);

const contents = (place: { messages(): readonly { readonly content: string }[] }): readonly string[] =>
  place.messages().map(({ content }) => content);

describe('rate limits', () => {
  const twoAtOnce: RateLimits = {
    globalPerSecond: 50,
    buckets: { [`POST ${messages}`]: { limit: 2, windowMs: 300 } },
  };

  it('are told by headers, so that discord.js waits before it would pass them', async () => {
    const { fake, channel, place } = await inAGuild({ rateLimits: twoAtOnce });
    for (const word of ['1', '2', '3', '4', '5']) await channel.send(word);
    expect(contents(place).join('')).toBe('12345');
    expect(statuses(fake, 'POST')).toEqual([200, 200, 200, 200, 200]);
    const sent = fake.requests.filter(({ method, path }) => method === 'POST' && path === messages);
    // Three windows for five messages.
    expect((sent.at(-1)?.at ?? 0) - (sent[0]?.at ?? 0)).toBeGreaterThanOrEqual(600);
  });

  it('are enforced on who ignores them, per channel', async () => {
    const { fake, place, guild } = await inAGuild({ rateLimits: twoAtOnce, clock: createFakeClock() });
    const send = (channel: string) =>
      fetch(`${fake.restApi}/v10/channels/${channel}/messages`, {
        method: 'POST',
        headers: { authorization: `Bot ${fake.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ content: 'x' }),
      });
    await send(place.id);
    await send(place.id);
    const refused = await send(place.id);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toEqual({
      message: 'You are being rate limited.',
      retry_after: 0.3,
      global: false,
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect((await send(guild.channel('other').id)).status).toBe(200);
    fake.clock.advance(300);
    expect((await send(place.id)).status).toBe(200);
  });

  it.each([false, true])('rate limits that come unannounced are waited for (global: %s)', async (global) => {
    const { fake, channel, place } = await inAGuild();
    fake.faults.rateLimited({ retryAfterMs: 40, global }, { method: 'POST', path: messages });
    await channel.send('x');
    const [first, second] = fake.requests.filter(
      ({ method, path }) => method === 'POST' && path === messages,
    );
    expect([first?.status, second?.status]).toEqual([429, 200]);
    // The header has whole seconds.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(contents(place)).toEqual(['x']);
  });

  it('hold for all routes together, but for answers to interactions', async () => {
    const { fake, client, ann, place } = await inAGuild({
      rateLimits: { globalPerSecond: 3, buckets: {} },
      clock: createFakeClock(),
    });
    fake.clock.advance(1000);
    const get = () =>
      fetch(`${fake.restApi}/v10/users/@me`, { headers: { authorization: `Bot ${fake.token}` } });
    for (const _ of [1, 2, 3]) expect((await get()).status).toBe(200);
    const refused = await get();
    expect(refused.headers.get('x-ratelimit-global')).toBe('true');
    expect(((await refused.json()) as { global: boolean }).global).toBe(true);
    overwriteCommands(fake.core, null, [{ name: 'queue', description: 'who is next' }]);
    const heard = new Promise<Interaction>((resolve) => client.once(Events.InteractionCreate, resolve));
    const asked = await ann.command('queue', {}, { in: place });
    const interaction = await heard;
    if (interaction.isChatInputCommand()) await interaction.reply('here');
    expect(asked.reply?.content).toBe('here');
  });

  it('rate limits on edits of old messages come with status 429, so discord.js tries again instead of failing', async () => {
    const { fake, channel, place } = await inAGuild();
    const message = await channel.send('one');
    fake.faults.tooManyOldEdits({ retryAfterMs: 10 });
    await message.edit('two');
    expect(statuses(fake, 'PATCH', `${messages}/{message_id}`)).toEqual([429, 200]);
    expect(contents(place)).toEqual(['two']);
  });

  it('can be an error instead of a wait, where discord.js is told so', async () => {
    const { fake, channel } = await inAGuild({ client: { rest: { rejectOnRateLimit: ['/channels'] } } });
    const message = await channel.send('one');
    fake.faults.tooManyOldEdits({ retryAfterMs: 10 });
    expect(await codeOf(message.edit('two'))).toMatch(/^RateLimitError/);
  });
});
