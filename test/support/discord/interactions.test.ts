import { MessageFlags, PermissionFlagsBits } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { asked, type Chat, interactionScene, nextInteraction, photo } from './interaction-scene.ts';
import { codeOf } from './test-client.ts';

describe('a slash command', () => {
  it('arrives with its options, the photo, the languages and the permissions', async () => {
    const { fake, client, ann, channel } = await interactionScene();
    const heard = nextInteraction<Chat>(client);
    await ann.command('gramzoom', { photo, size: 64 }, { in: channel });
    const interaction = await heard;
    const attachment = interaction.options.getAttachment('photo', true);
    expect(interaction.options.getInteger('size')).toBe(64);
    expect(interaction.locale).toBe('de');
    expect(interaction.guildLocale).toBe('en-US');
    expect(attachment).toMatchObject({ name: 'my_cat.png', ephemeral: true, contentType: 'image/png' });
    expect(attachment.width).toBeGreaterThan(0);
    expect(interaction.attachmentSizeLimit).toBe(10 * 2 ** 20);
    expect(interaction.appPermissions.has('AttachFiles')).toBe(true);
    expect(interaction.appPermissions.has('ManageMessages')).toBe(false);
    expect(interaction.inCachedGuild()).toBe(true);
    const bytes = new Uint8Array(await (await fetch(attachment.url)).arrayBuffer());
    expect(bytes).toEqual(photo.bytes);
    expect(new URL(attachment.url).host).toBe(fake.cdnHost);
  });

  it('tells permissions that overwrites have taken away', async () => {
    const { client, ann, channel } = await interactionScene();
    channel.denyBot(PermissionFlagsBits.AttachFiles);
    const heard = nextInteraction<Chat>(client);
    await ann.command('gramzoom', { photo }, { in: channel });
    expect((await heard).appPermissions.has('AttachFiles')).toBe(false);
    const overridden = nextInteraction<Chat>(client);
    await ann.command('gramzoom', { photo }, { in: channel, appPermissions: 0n, locale: 'fr' });
    expect((await overridden).appPermissions.bitfield).toBe(0n);
    expect((await overridden).locale).toBe('fr');
  });

  it("is not sent by the user's client where it breaks the command's rules", async () => {
    const { ann, channel, guild, fake } = await interactionScene();
    const use = (values: Parameters<typeof ann.command>[1], name = 'gramzoom') =>
      ann.command(name, values, { in: channel });
    await expect(use({})).rejects.toThrow('photo is required');
    await expect(use({ photo, size: 63 })).rejects.toThrow('out of range');
    await expect(use({ photo, size: 64.5 })).rejects.toThrow('not whole');
    await expect(use({ photo, colour: 'red' })).rejects.toThrow('no option colour');
    await expect(use({}, 'other')).rejects.toThrow('no command other');
    guild.setEveryonePermissions(PermissionFlagsBits.ViewChannel);
    await expect(use({ photo })).rejects.toThrow('may not');
    expect(fake.core.interactions.size).toBe(0);
  });

  it('is deferred, edited with a file and followed by another', async () => {
    const given = await interactionScene();
    const { fake, channel } = given;
    const { ask, interaction } = await asked(given);
    await interaction.deferReply();
    expect(ask.acknowledgedAfterMs).toBeGreaterThanOrEqual(0);
    expect(ask.reply?.loading).toBe(true);
    await interaction.editReply({
      content: 'queued',
      files: [{ attachment: Buffer.from(photo.bytes), name: 'frame-001.png', description: 'frame 1' }],
    });
    const message = await interaction.followUp({
      content: 'done',
      files: [{ attachment: Buffer.from('GIF89a'), name: 'zoom.gif' }],
    });
    expect(ask.reply).toMatchObject({ content: 'queued', loading: false, edited: false });
    expect(ask.reply?.files[0]).toMatchObject({ name: 'frame-001.png', description: 'frame 1' });
    expect(ask.reply?.files[0]?.bytes).toEqual(photo.bytes);
    expect(ask.followUps).toMatchObject([{ id: message.id, content: 'done', replyTo: ask.reply?.id }]);
    expect(channel.messages().map(({ content }) => content)).toEqual(['queued', 'done']);
    expect(fake.requests.filter(({ files }) => files.length > 0)).toHaveLength(2);
  });

  it('lets the first word after a deferral fill the deferred message', async () => {
    const given = await interactionScene();
    const { ask, interaction } = await asked(given);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.followUp('only for you');
    expect(ask.followUps).toEqual([]);
    expect(ask.reply).toMatchObject({ content: 'only for you', ephemeral: true });
  });

  it('is answered for the user alone, unseen by others and by the bot token', async () => {
    const given = await interactionScene();
    const { client, channel, ann } = given;
    const { interaction } = await asked(given);
    const { resource } = await interaction.reply({
      content: 'pssst',
      flags: MessageFlags.Ephemeral,
      withResponse: true,
    });
    const id = resource?.message?.id ?? '';
    expect(channel.messages()).toEqual([]);
    expect(channel.messages({ as: ann.id }).map(({ content }) => content)).toEqual(['pssst']);
    const path = `/channels/${channel.id}/messages/${id}` as const;
    expect(await codeOf(client.rest.get(path))).toBe(10_008);
    expect(await codeOf(client.rest.patch(path, { body: { content: 'x' } }))).toBe(10_008);
    await interaction.editReply('still here');
    await interaction.deleteReply();
    expect(channel.messages({ as: ann.id })).toEqual([]);
  });

  it('is a plain message afterwards, that the bot token edits after the interaction is over', async () => {
    const given = await interactionScene();
    const { interaction } = await asked(given);
    const { resource } = await interaction.reply({ content: 'queued', withResponse: true });
    await resource?.message?.edit('still going');
    expect(given.channel.messages()[0]?.content).toBe('still going');
  });

  it('a slash command in direct messages has no guild, and its permissions name only what may differ there', async () => {
    const { client, ann } = await interactionScene();
    const heard = nextInteraction<Chat>(client);
    const ask = await ann.command('gramzoom', { photo }, { in: ann.dm() });
    const interaction = await heard;
    expect(interaction.guildId).toBeNull();
    expect(interaction.appPermissions.has(['AttachFiles', 'EmbedLinks'])).toBe(true);
    expect(interaction.appPermissions.has('ViewChannel')).toBe(false);
    await interaction.reply('here');
    expect(ask.reply?.content).toBe('here');
  });

  it('a slash command of a user installation reaches the application where it is no member, for five follow-ups', async () => {
    const { fake, client } = await interactionScene();
    const bea = fake.person('bea', { installed: true });
    const place = fake.guild({ bot: null, members: [bea] }).channel('far away');
    const heard = nextInteraction<Chat>(client);
    const ask = await bea.command('gramzoom', { photo }, { in: place });
    const interaction = await heard;
    await interaction.reply('hello');
    for (const word of ['1', '2', '3', '4', '5']) await interaction.followUp(word);
    expect(await codeOf(interaction.followUp('6'))).toBe(40_094);
    expect(await codeOf(client.rest.post(`/channels/${place.id}/messages`, { body: { content: 'x' } }))).toBe(
      50_001,
    );
    expect(ask.followUps).toHaveLength(5);
  });

  it('is answered to the user alone where the guild allows no foreign applications', async () => {
    const { fake, client } = await interactionScene();
    const bea = fake.person('bea', { installed: true });
    const everyone = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.UseApplicationCommands;
    const place = fake.guild({ bot: null, members: [bea], everyone }).channel('strict');
    const heard = nextInteraction<Chat>(client);
    const ask = await bea.command('gramzoom', { photo }, { in: place });
    await (await heard).reply('hello');
    expect(ask.reply?.ephemeral).toBe(true);
  });
});

const minute = 60_000;

describe('the deadlines of an interaction', () => {
  it('are three seconds for the first answer', async () => {
    const given = await interactionScene();
    const { ask, interaction } = await asked(given);
    given.fake.clock.advance(2999);
    expect(ask.didNotRespond).toBe(false);
    given.fake.clock.advance(1);
    expect(ask.didNotRespond).toBe(true);
    expect(await codeOf(interaction.deferReply())).toBe(10_062);
    expect(given.channel.messages()).toEqual([]);
  });

  it('are fifteen minutes for everything else; the message stays', async () => {
    const given = await interactionScene();
    const { fake, client } = given;
    const { ask, interaction } = await asked(given);
    await interaction.reply('queued');
    fake.clock.advance(14 * minute);
    await interaction.editReply('running');
    fake.clock.advance(minute);
    expect(await codeOf(interaction.editReply('done'))).toBe(50_027);
    expect(await codeOf(interaction.followUp('done'))).toBe(50_027);
    expect(fake.requests.at(-1)?.status).toBe(401);
    const path = `/channels/${given.channel.id}/messages/${ask.reply?.id}` as const;
    await client.rest.patch(path, { body: { content: 'done' } });
    expect(ask.reply?.content).toBe('done');
    expect(fake.invalidRequests).toBe(2);
  });

  it('allow one first answer only, and no follow-up before it', async () => {
    const given = await interactionScene();
    const { client } = given;
    const { ask, interaction } = await asked(given);
    expect(await codeOf(interaction.webhook.send('too early'))).toBe(10_015);
    await interaction.reply('one');
    const body = { type: 4, data: { content: 'two' } };
    expect(
      await codeOf(client.rest.post(`/interactions/${ask.id}/${ask.token}/callback`, { body, auth: false })),
    ).toBe(40_060);
  });
});
