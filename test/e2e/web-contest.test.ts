import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { pageForFile, pageTimeoutMs, sendPhoto } from '../support/chat-page.ts';
import { hasChromium } from '../support/chromium.ts';
import { samplePhoto } from '../support/command-line.ts';

const quickFilm = '/gramzoom size:64 frames:8 steps:2';
const theme = '<b>Scariest</b> *cat* <script>document.title="taken"</script>';

describe.skipIf(!hasChromium)('a contest on the page in chromium', { timeout: 2 * pageTimeoutMs }, () => {
  const { visit, url } = pageForFile();
  const room = 'halloween';

  /** The page of the room's contest, for somebody new. */
  const visitContest = async (options: Parameters<typeof visit>[1] = {}): Promise<Page> => {
    const { page } = await visit(room, options);
    await page.goto(`${url()}/rooms/${room}/contest`);
    return page;
  };
  const card = (page: Page, number: number) =>
    page.getByRole('article', { name: `No. ${number}`, exact: true });
  const rank = (page: Page, place: string, number: number) =>
    page.getByRole('button', { name: `${place} place: No. ${number}`, exact: true });
  const isSaved = (page: Page, vote: string) => page.getByRole('status').getByText(vote).waitFor();

  it('goes from its form to the winners, with two films and four voters', async () => {
    const { page: ada } = await visit(room);
    await ada.getByRole('link', { name: 'Contest' }).click();
    await ada.getByText('There is no contest in this room').waitFor();
    await ada.getByLabel('Theme').fill(theme);
    await ada.getByText('More options').click();
    await ada.getByLabel('Size').fill('64');
    await ada.getByLabel('Frames').fill('8');
    await ada.getByRole('button', { name: 'Start the contest' }).click();
    await ada.getByRole('heading', { level: 1, name: theme }).waitFor();
    await ada.getByText(/left to enter/).waitFor();
    expect(await ada.title()).toContain(theme);

    const ben = await visitContest();
    await ben.getByRole('button', { name: 'Enter a film' }).click();
    const dialog = ben.getByRole('dialog');
    await dialog.getByLabel('Send a new photo').setInputFiles(samplePhoto);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByText(/as soon as it is rendered|You are in/).waitFor();
    await ben.keyboard.press('Escape');

    await ada.getByRole('link', { name: `Back to ${room}` }).click();
    await ada
      .getByText(/has begun|Contest:/)
      .first()
      .waitFor();
    await sendPhoto(ada, quickFilm);
    // Under a film of her own, and under nobody else's.
    await ada.locator('.thread').getByRole('button', { name: 'Enter the contest' }).click();
    await ada
      .locator('.panel')
      .getByText(/You are in: your film is No\. 2/)
      .waitFor();

    // It is told to whoever looks at the page of the contest.
    await ben.getByText('2 films so far.').waitFor();
    await ada.getByRole('link', { name: /Open for films/ }).click();
    await ada.getByText('Begin the vote now').click();
    await ada.getByRole('button', { name: 'Yes, do it' }).first().click();
    await ada.getByRole('heading', { name: 'Your vote' }).waitFor();
    await ben.getByRole('heading', { name: 'Your vote' }).waitFor();

    expect(await card(ada, 2).getByRole('button', { name: /place/ }).count()).toBe(0);
    await card(ada, 1).focus();
    await ada.keyboard.press('1');
    await isSaved(ada, '1st place: No. 1');
    await rank(ben, '1st', 2).click();
    await isSaved(ben, '1st place: No. 2');
    const [cid, dee] = [
      await visitContest({ reducedMotion: 'reduce' }),
      await visitContest({ locale: 'de-DE' }),
    ];
    await rank(cid, '1st', 1).click();
    await isSaved(cid, '1st place: No. 1');
    await rank(cid, '1st', 2).click();
    await isSaved(cid, '1st place: No. 2');
    await rank(cid, '2nd', 1).click();
    await isSaved(cid, '2nd place: No. 1');
    await cid.reload();
    expect(await rank(cid, '1st', 2).getAttribute('aria-pressed')).toBe('true');
    expect(await rank(cid, '2nd', 1).getAttribute('aria-pressed')).toBe('true');
    await dee.getByRole('button', { name: '1. Platz: Nr. 2', exact: true }).click();
    await isSaved(dee, 'Deine Stimme ist gespeichert');

    await ada.getByText('4 people have voted').waitFor();
    await ada.getByText('End the vote now').click();
    await ada.getByRole('button', { name: 'Yes, do it' }).first().click();
    await ada.getByRole('heading', { name: 'Winners' }).waitFor();
    await ben.getByRole('heading', { name: 'Winners' }).waitFor();
    expect(await ada.locator('.winner .place').allTextContents()).toEqual([
      '1st place · 9 points',
      '2nd place · 5 points',
    ]);
    await ada.getByRole('heading', { name: 'Hall of fame' }).waitFor();

    const download = ada.waitForEvent('download');
    await ada.getByRole('button', { name: 'Download everything as a page' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^contest-.*\.html$/);
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toContain('&lt;b&gt;Scariest&lt;/b&gt;');
    expect(text).not.toContain('<script');
    expect(await ada.title()).toContain(theme);
    await ada.goto(`${url()}/rooms/${room}`);
  });
});
