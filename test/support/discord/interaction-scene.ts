import { readFile } from 'node:fs/promises';
import {
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  ApplicationCommandOptionType as Option,
} from 'discord.js';
import { loggedIn } from './test-client.ts';

const sample = new URL('../../../docs/sample.png', import.meta.url);
export const photo = { name: 'my cat.png', bytes: new Uint8Array(await readFile(sample)) };

const definitions = [
  {
    name: 'gramzoom',
    description: 'zoom',
    contexts: [0, 1, 2],
    integration_types: [0, 1],
    options: [
      { type: Option.Attachment as const, name: 'photo', description: 'the photo', required: true },
      { type: Option.Integer as const, name: 'size', description: 'side', min_value: 64, max_value: 512 },
      { type: Option.String as const, name: 'network', description: 'network', autocomplete: true as const },
    ],
  },
  { name: 'Gramzoom', type: ApplicationCommandType.Message as const },
];

/** A guild with a bot in it that has commands, and somebody to use them. */
export const interactionScene = async () => {
  const { fake, client } = await loggedIn();
  await client.application.commands.set(definitions);
  const ann = fake.person('ann', { locale: 'de' });
  const guild = fake.guild({ members: [ann] });
  return { fake, client, ann, guild, channel: guild.channel('art') };
};

/** The next interaction that a client hears of. */
export const nextInteraction = <T extends Interaction>(client: Client): Promise<T> =>
  new Promise((resolve) => client.once(Events.InteractionCreate, (interaction) => resolve(interaction as T)));

export type Chat = ChatInputCommandInteraction;

/** Asks for a render, and waits until the bot hears of it. */
export const asked = async (given: Awaited<ReturnType<typeof interactionScene>>) => {
  const heard = nextInteraction<Chat>(given.client);
  const ask = await given.ann.command('gramzoom', { photo, size: 64 }, { in: given.channel });
  return { ask, interaction: await heard };
};
