import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Events,
  ModalBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { asked, interactionScene, nextInteraction, photo } from './interaction-scene.ts';

describe('other interactions', () => {
  it('complete what somebody types', async () => {
    const { fake, client, ann, channel } = await interactionScene();
    const heard = nextInteraction<import('discord.js').AutocompleteInteraction>(client);
    const ask = await ann.complete('gramzoom', { network: 'po' }, { in: channel, focused: 'network' });
    const interaction = await heard;
    expect(interaction.options.getFocused()).toBe('po');
    await interaction.respond([{ name: 'pocket', value: 'pocket' }]);
    await fake.waitFor('the choices', () => ask.choices);
    expect(ask.choices).toEqual([{ name: 'pocket', value: 'pocket' }]);
  });

  it('point at a message, which comes along with its files although the bot may not read it', async () => {
    const { client, ann, channel } = await interactionScene();
    const unread = new Promise<import('discord.js').Message>((resolve) =>
      client.once(Events.MessageCreate, resolve),
    );
    const message = await ann.say(channel, 'look', { files: [photo] });
    expect((await unread).attachments.size).toBe(0);
    expect((await unread).content).toBe('');
    const heard = nextInteraction<import('discord.js').MessageContextMenuCommandInteraction>(client);
    ann.contextMenu('Gramzoom', message);
    const target = (await heard).targetMessage;
    expect(target.attachments.map(({ name }) => name)).toEqual(['my_cat.png']);
    expect(target.content).toBe('look');
  });

  it('press buttons: a new answer, a changed message, or a silent yes', async () => {
    const given = await interactionScene();
    const { fake, client, ann, channel } = given;
    const button = (id: string) =>
      new ButtonBuilder().setCustomId(id).setLabel(id).setStyle(ButtonStyle.Secondary);
    const row = new ActionRowBuilder<ButtonBuilder>().addComponents(
      ['re-roll', 'larger', 'delete'].map((id) => button(id).setDisabled(id === 'delete')),
    );
    const { ask, interaction } = await asked(given);
    await interaction.reply({ content: 'done', components: [row] });
    const message = await fake.waitFor('the answer', () => ask.reply);
    expect(() => ann.press(message, 'delete')).toThrow('no button delete');

    type Button = import('discord.js').ButtonInteraction;
    const first = nextInteraction<Button>(client);
    const pressed = ann.press(message, 're-roll');
    await (await first).reply('again');
    await fake.waitFor('the word', () => pressed.reply?.content === 'again');
    expect(pressed.reply?.replyTo).toBe(message.id);

    const second = nextInteraction<Button>(client);
    ann.press(message, 'larger');
    await (await second).update({ content: 'larger now', components: [] });
    await fake.waitFor('the change', () => channel.message(message.id)?.content === 'larger now');
    expect(channel.message(message.id)?.buttons).toEqual([]);
  });

  it('open a form, and send it', async () => {
    const given = await interactionScene();
    const { fake, client, ann } = given;
    const { ask, interaction } = await asked(given);
    const input = new TextInputBuilder().setCustomId('seed').setLabel('Seed').setStyle(TextInputStyle.Short);
    await interaction.showModal(
      new ModalBuilder()
        .setCustomId('form')
        .setTitle('Another seed')
        .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(input)),
    );
    await fake.waitFor('the form', () => ask.modal);
    const heard = nextInteraction<import('discord.js').ModalSubmitInteraction>(client);
    const sent = ann.submit(ask, { seed: '7' });
    const submitted = await heard;
    expect(submitted.fields.getTextInputValue('seed')).toBe('7');
    await submitted.reply('seven');
    expect(sent.reply?.content).toBe('seven');
  });
});
