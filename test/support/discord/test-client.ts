import {
  Client,
  type ClientOptions,
  Events,
  GatewayIntentBits,
  Partials,
  type TextChannel,
} from 'discord.js';
import { expect, onTestFinished } from 'vitest';
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from './fake-discord.ts';
import { noLimits } from './rest/rate-limits.ts';

/** What the bot needs: nothing of it is privileged. */
export const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessageReactions,
];

/** Without these discord.js keeps silent about whatever it has not seen since it started. */
export const partials = [
  Partials.Message,
  Partials.Channel,
  Partials.Reaction,
  Partials.User,
  Partials.GuildMember,
];

/** A fake that ends with the test; the test fails where anything was not as Discord describes it. */
export const startFake = async (options: FakeDiscordOptions = {}): Promise<FakeDiscord> => {
  const fake = await createFakeDiscord({ rateLimits: noLimits, ...options });
  onTestFinished(async () => {
    await fake.close();
    expect(fake.violations).toEqual([]);
  });
  return fake;
};

/** The real client, pointed at the fake; it has not logged in. */
export const createClient = (fake: FakeDiscord, options: Partial<ClientOptions> = {}): Client => {
  const { rest, ...others } = options;
  const client = new Client({ intents, partials, rest: { api: fake.restApi, ...rest }, ...others });
  // An error that a test provokes shall not end the process.
  client.on(Events.Error, () => {});
  onTestFinished(() => client.destroy());
  return client;
};

/** Logs a client in and waits until it has all its guilds. */
export const logIn = async (client: Client, token: string): Promise<Client<true>> => {
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token);
  await ready;
  return client as Client<true>;
};

/** A fake with a client in it. */
export const loggedIn = async (
  options: FakeDiscordOptions & {
    readonly client?: Partial<ClientOptions>;
    readonly prepare?: (fake: FakeDiscord) => void;
  } = {},
): Promise<{ readonly fake: FakeDiscord; readonly client: Client<true> }> => {
  const { client: clientOptions, prepare, ...fakeOptions } = options;
  const fake = await startFake(fakeOptions);
  prepare?.(fake);
  const client = await logIn(createClient(fake, clientOptions), fake.token);
  return { fake, client };
};

/** A client in a guild with one member and one text channel. */
export const inAGuild = async (options: Parameters<typeof loggedIn>[0] = {}) => {
  const { fake, client } = await loggedIn(options);
  const ann = fake.person('ann');
  const guild = fake.guild({ members: [ann] });
  const place = guild.channel('art');
  const channel = (await client.channels.fetch(place.id)) as TextChannel;
  return { fake, client, ann, guild, place, channel };
};

/** The code, or else the name, of the error that something fails with. */
export const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => 'none',
    (error) => error.code ?? error.name,
  );
