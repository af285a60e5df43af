import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasChromium, launchChromium } from '../../chromium.ts';
import { samplePhoto } from '../../command-line.ts';
import { createSlackStage } from '../../slack-stage.ts';
import { createPageServer } from '../page-server.ts';
import { slackPage } from './page.ts';

/** The bot on a fake Slack, and the page in front of it. */
const scene = async () => {
  const stage = await createSlackStage();
  const room = stage.room();
  await stage.start();
  const server = createPageServer(slackPage(stage.fake));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await stage.close();
  });
  return { ...stage, ...room, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe.skipIf(!hasChromium)('the page of the fake Slack in chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('shows why a command was refused, fills in the form, shows the film, reacts, and shows the home', async () => {
    const { fake, place, film, url } = await scene();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    await page.getByRole('button', { name: '# art' }).click();
    await page.getByLabel('message').fill('/gramzoom size:9999');
    await page.getByRole('button', { name: 'send' }).click();
    await page.getByText('Only you see this').waitFor();
    await page.getByText('not 9999').waitFor();
    await page.getByLabel('message').fill('/gramzoom size:64 frames:8');
    await page.getByRole('button', { name: 'send' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'More options' }).click();
    await form.locator('[name="field:seed"]').fill('7');
    await form.locator('[name="field:photo"]').setInputFiles(samplePhoto);
    await form.locator('button:not([type=button])').click();
    const { files } = await film(place);
    expect(files[0]?.name).toMatch(/^gramzoom-7-/);
    await page.locator('img').first().waitFor();
    const isShown = `document.images[0].complete && document.images[0].naturalWidth > 0`;
    await expect.poll(() => page.evaluate(isShown)).toBe(true);
    await page.getByRole('button', { name: '✉️' }).last().click();
    await fake.waitFor('the reaction', () => place.all().some(({ reactions }) => reactions['envelope']));
    await page.getByRole('button', { name: 'Home of Gramzoom' }).click();
    await page.getByRole('heading', { name: 'My films' }).waitFor();
    await page.getByText('seed 7').first().waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
