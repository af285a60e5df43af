import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Events,
  ApplicationCommandOptionType as Option,
} from 'discord.js';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPageServer } from './page/page-server.ts';
import { loggedIn } from './test-client.ts';

const executablePath = '/usr/bin/chromium';
const samplePhoto = fileURLToPath(new URL('../../../docs/sample.png', import.meta.url));

/** A bot that answers with the photo and a button, and the page in front of it. */
const scene = async () => {
  const { fake, client } = await loggedIn();
  await client.application.commands.set([
    {
      name: 'gramzoom',
      description: 'zoom',
      options: [
        { type: Option.Attachment, name: 'photo', description: 'the photo', required: true },
        { type: Option.Integer, name: 'size', description: 'side', minValue: 64, maxValue: 512 },
      ],
    },
  ]);
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isChatInputCommand()) {
      const { url } = interaction.options.getAttachment('photo', true);
      const cancel = new ButtonBuilder()
        .setCustomId('cancel')
        .setLabel('Cancel')
        .setStyle(ButtonStyle.Danger);
      const components = [new ActionRowBuilder<ButtonBuilder>().addComponents(cancel)];
      const files = [{ attachment: url, name: 'zoom.png', description: 'a zoom' }];
      const content = `size ${interaction.options.getInteger('size')}, <@${interaction.user.id}>`;
      interaction.reply({ content, files, components }).catch(() => {});
    } else if (interaction.isButton()) {
      interaction.update({ content: 'cancelled', components: [] }).catch(() => {});
    }
  });
  const ann = fake.person('ann');
  const place = fake.guild({ name: 'The Museum', members: [ann] }).channel('art');
  const server = createPageServer(fake);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { fake, place, ann, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe.skipIf(!existsSync(executablePath))('the page of the fake Discord in chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(() => browser?.close());

  it('types a command with a photo, shows the answer, presses its button and reacts', async () => {
    const { fake, place, url } = await scene();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    await page.getByRole('button', { name: 'The Museum # art' }).click();
    await page.getByLabel('photo').setInputFiles(samplePhoto);
    await page.getByLabel('size').fill('64');
    await page.getByRole('button', { name: 'send' }).click();
    await page.getByText('size 64, @ann').waitFor();
    const picture = page.getByAltText('a zoom');
    await picture.waitFor();
    await page.waitForFunction(() => {
      const { images } = (globalThis as unknown as { document: { images: { naturalWidth: number }[] } })
        .document;
      return (images[0]?.naturalWidth ?? 0) > 0;
    });
    await page.getByRole('button', { name: '🎲' }).click();
    await fake.waitFor('the reaction', () => place.messages()[0]?.reactions['🎲']);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('cancelled', { exact: true }).waitFor();
    await page.getByPlaceholder('say something').fill('thank you');
    await page.getByRole('button', { name: 'say' }).click();
    await page.getByText('thank you').waitFor();
    expect(place.messages().map(({ content }) => content)).toEqual(['cancelled', 'thank you']);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('says what does not work', async () => {
    const { url } = await scene();
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'The Museum # art' }).click();
    await page.getByRole('button', { name: 'say', exact: true }).click();
    await page.getByText('Cannot send an empty message').waitFor();
    await page.close();
  });
});
