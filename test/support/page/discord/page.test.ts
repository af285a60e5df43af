import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasChromium, launchChromium } from '../../chromium.ts';
import { samplePhoto } from '../../command-line.ts';
import { listening } from '../../discord-bot.ts';
import { createPageServer } from '../page-server.ts';
import { discordPage } from './page.ts';

/** The bot's side of Discord, and the page in front of it. */
const scene = async () => {
  const made = await listening();
  const server = createPageServer(discordPage(made.fake));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { ...made, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe.skipIf(!hasChromium)('the page of the fake Discord in chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('types a command with a photo, shows the answer, presses its button, reacts and says something', async () => {
    const { fake, place, url, calls } = await scene();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    await page.getByRole('button', { name: 'a server # art' }).click();
    await page.getByLabel('command').selectOption('gramzoom');
    await page.getByRole('button', { name: 'photo' }).setInputFiles(samplePhoto);
    await page.getByRole('spinbutton', { name: 'size' }).fill('64');
    await page.getByRole('button', { name: 'send' }).click();
    await page.getByText('Next in the queue').waitFor();
    await page.getByRole('button', { name: '🎲' }).click();
    await fake.waitFor('the reaction', () => place.messages()[0]?.reactions['🎲']);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await fake.waitFor('the press', () => calls.some(([what]) => what === 'cancel'));

    await page.getByLabel('message').fill('thank you');
    await page.getByLabel('files').setInputFiles(samplePhoto);
    await page.getByRole('button', { name: 'say' }).click();
    await page.getByText('thank you').waitFor();
    await page.locator('img').first().waitFor();
    const isShown = `document.images[0].complete && document.images[0].naturalWidth > 0`;
    await expect.poll(() => page.evaluate(isShown)).toBe(true);
    await page.getByRole('button', { name: 'say' }).click();
    await page.getByText('Cannot send an empty message').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
