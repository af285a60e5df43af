import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type Client,
  Events,
  GatewayIntentBits,
  SlashCommandBuilder,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { hasSpec, openSchemaCheck } from './rest/schema.ts';
import { createClient, loggedIn, logIn, startFake } from './test-client.ts';

const gramzoom = {
  name: 'gramzoom',
  name_localizations: { de: 'gramzoom' },
  description: 'An endless zoom into a photo',
  description_localizations: { de: 'Ein endloser Zoom in ein Foto' },
  // discord.js takes commands for different where these are not said.
  integration_types: [0],
  options: [
    {
      type: ApplicationCommandOptionType.Attachment as const,
      name: 'photo',
      description: 'the photo',
      required: true,
    },
    {
      type: ApplicationCommandOptionType.Integer as const,
      name: 'size',
      description: 'side',
      min_value: 64,
      max_value: 512,
    },
  ],
};

const problem = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'none';
  } catch (error) {
    return (error as { code?: string | number }).code?.toString() ?? (error as Error).message;
  }
};

describe('a bot that logs in', () => {
  it('finds its guilds, their channels and its own permissions there', async () => {
    const { fake, client } = await loggedIn({
      prepare: (before) => void before.guild({ name: 'The Museum' }).channel('art'),
    });
    const guild = client.guilds.cache.first();
    expect(client.user.username).toBe('gramzoom');
    expect(guild?.name).toBe('The Museum');
    const channel = guild?.channels.cache.find(({ name }) => name === 'art');
    const own = guild?.members.me && channel?.permissionsFor(guild.members.me);
    expect(own?.has('AttachFiles')).toBe(true);
    expect(own?.has('ManageMessages')).toBe(false);
    expect(fake.gateway.connected).toBe(1);
  });

  it('hears of a guild that invites it later, and of one that throws it out', async () => {
    const { fake, client } = await loggedIn();
    const joined = new Promise((resolve) => client.once(Events.GuildCreate, ({ name }) => resolve(name)));
    const guild = fake.guild({ name: 'Late' });
    expect(await joined).toBe('Late');
    const left = new Promise((resolve) => client.once(Events.GuildDelete, ({ name }) => resolve(name)));
    guild.removeBot();
    expect(await left).toBe('Late');
  });

  it('is refused with a wrong token', async () => {
    const fake = await startFake();
    expect(await problem(createClient(fake).login('wrong.token'))).toBe('TokenInvalid');
  });

  it('is refused when the token is wrong at the gateway alone', async () => {
    const fake = await startFake();
    fake.gateway.refuseIdentify(4004);
    expect(await problem(createClient(fake).login(fake.token))).toBe('Authentication failed');
  });

  it('is refused with an intent that is not switched on, and let in once it is', async () => {
    const fake = await startFake();
    const wanted = [GatewayIntentBits.Guilds, GatewayIntentBits.MessageContent];
    expect(await problem(createClient(fake, { intents: wanted }).login(fake.token))).toBe(
      'Used disallowed intents',
    );
    fake.core.application.privilegedIntents = GatewayIntentBits.MessageContent;
    const client = await logIn(createClient(fake, { intents: wanted }), fake.token);
    expect(client.isReady()).toBe(true);
  });
});

describe('commands', () => {
  it('are registered, listed and counted', async () => {
    const { fake, client } = await loggedIn();
    const { application } = client;
    await application.commands.set([gramzoom, { name: 'Gramzoom', type: ApplicationCommandType.Message }]);
    expect(fake.commands).toMatchObject({ creates: 2, writes: 1 });
    await application.commands.set([gramzoom, { name: 'Gramzoom', type: ApplicationCommandType.Message }]);
    expect(fake.commands).toMatchObject({ creates: 2, writes: 2 });
    const fetched = await application.commands.fetch({ withLocalizations: true });
    expect(fetched.map(({ name }) => name)).toEqual(['gramzoom', 'Gramzoom']);
    // Lists leave the languages out unless they are asked for: a comparison has to ask.
    expect(await client.rest.get(`/applications/${application.id}/commands`)).not.toContainEqual(
      expect.objectContaining({ name_localizations: expect.anything() }),
    );
    const slash = fetched.find(({ type }) => type === ApplicationCommandType.ChatInput);
    expect(slash?.equals(gramzoom)).toBe(true);
  });

  it('commands can belong to a guild, too', async () => {
    const { fake, client } = await loggedIn({ prepare: (before) => void before.guild() });
    const guild = client.guilds.cache.first();
    const command = await guild?.commands.create(gramzoom);
    await command?.edit({ description: 'Another word' });
    expect((await guild?.commands.fetch())?.first()?.description).toBe('Another word');
    await command?.delete();
    expect(fake.commands.guilds.get(guild?.id ?? '')?.size).toBe(0);
  });

  it('a list of commands of which one is malformed is refused whole', async () => {
    const { fake, client } = await loggedIn();
    await client.application.commands.set([gramzoom]);
    expect(await problem(client.application.commands.set([gramzoom, { ...gramzoom }]))).toBe('50035');
    expect(fake.commands.global.size).toBe(1);
  });

  it('may say which files they take, which the description does not know yet', async () => {
    const { fake, client } = await loggedIn();
    const option = { ...gramzoom.options[0], file_types: ['image'] };
    await client.rest.put(`/applications/${client.application.id}/commands`, {
      body: [{ ...gramzoom, options: [option] }],
    });
    expect([...fake.commands.global.values()][0]?.options?.[0]).toMatchObject({ file_types: ['image'] });
  });

  it('are built by discord.js as well', async () => {
    const { fake, client } = await loggedIn();
    const built = new SlashCommandBuilder().setName('queue').setDescription('Who is next');
    await client.application.commands.set([built]);
    expect([...fake.commands.global.values()][0]?.name).toBe('queue');
  });
});

describe('shards', () => {
  const guildsOf = (client: Client<true>) =>
    client.guilds.cache.map(({ name, shardId }) => `${name}: ${shardId}`).sort();

  it('share the guilds among them, and shard 0 has the direct messages', async () => {
    const { fake, client } = await loggedIn({
      gateway: { shards: 2 },
      client: { shards: 'auto' },
      prepare: (before) => {
        before.guild({ name: 'a' });
        before.guild({ name: 'b' });
      },
    });
    expect(client.options.shardCount).toBe(2);
    expect(guildsOf(client)).toEqual(['a: 0', 'b: 1']);
    const shards: number[] = [];
    client.on(Events.Raw as never, ({ t }: { t: string }, shard: number) => {
      if (t === 'MESSAGE_CREATE') shards.push(shard);
    });
    const heard = new Promise((resolve) => client.once(Events.MessageCreate, resolve));
    const ann = fake.person('ann');
    await ann.say(ann.dm(), 'hello');
    await heard;
    expect(shards).toEqual([0]);
  });

  it('are required from a number of guilds on', async () => {
    const fake = await startFake({ gateway: { mostGuildsPerShard: 1 } });
    fake.guild();
    fake.guild();
    expect(await problem(createClient(fake).login(fake.token))).toBe('Sharding is required');
  });
});

describe.skipIf(!hasSpec)("the check against Discord's description (needs ../shared)", () => {
  const check = openSchemaCheck();
  const messages = '/channels/{channel_id}/messages';

  it('finds what is wrong in a request', () => {
    expect(check.request('POST', messages, { content: 5 })?.problems).toEqual([
      expect.stringContaining('/content'),
    ]);
    expect(check.request('POST', messages, { content: 'fine', a_new_key: 1 })).toBeNull();
    expect(check.query('GET', messages, new URLSearchParams({ limit: '101' }))?.problems).toHaveLength(1);
    expect(check.query('GET', messages, new URLSearchParams({ limit: '100' }))).toBeNull();
    expect(check.request('POST', '/no/such/route', {})?.what).toBe('route');
  });

  it('finds what is wrong in an answer', () => {
    expect(check.answer('POST', messages, { status: 200, body: { id: 'x' } })?.what).toBe('answer');
    expect(check.answer('POST', messages, { status: 403, body: { code: 1, message: 'no' } })).toBeNull();
    expect(check.answer('POST', messages, { status: 403, body: {} })?.what).toBe('answer');
    expect(check.answer('POST', messages, { status: 201, body: {} })?.problems).toHaveLength(1);
  });
});
