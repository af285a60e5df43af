import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { box, pageForFile, pageTimeoutMs, pick, sendLine, sendPhoto } from '../support/chat-page.ts';
import { hasChromium } from '../support/chromium.ts';

describe.skipIf(!hasChromium)(
  'the chat page for people with keyboards and poor lines',
  { timeout: pageTimeoutMs },
  () => {
    const { folder, newContext, openTab, visit } = pageForFile();

    /** What has the focus: the words on it, and the message that it is in. */
    const focused = (page: Page) =>
      page.evaluate(
        `({ text: document.activeElement.textContent.trim(), tag: document.activeElement.localName, message: document.activeElement.closest('article')?.id ?? null })`,
      ) as Promise<{ text: string; tag: string; message: string | null }>;

    it('keeps the focus on the message after Re-roll, Cancel and Delete', async () => {
      const { page } = await visit('focus');
      await sendPhoto(page, '/gramzoom size:64 frames:8 steps:1');
      await page.getByRole('img', { name: /^Endless zoom/ }).waitFor();
      const reroll = page.getByRole('button', { name: 'Re-roll' });
      await reroll.focus();
      const { message } = await focused(page);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: /^re-roll of/ }).waitFor();
      expect(await focused(page)).toEqual({ text: 'Re-roll', tag: 'button', message });

      await sendPhoto(page, '/gramzoom size:64 frames:240 steps:6');
      const cancel = page.getByRole('button', { name: 'Cancel' });
      await cancel.focus();
      const running = (await focused(page)).message;
      await page
        .getByText(/^Frame \d+ of 240/)
        .first()
        .waitFor();
      expect((await focused(page)).text).toBe('Cancel');
      await page.keyboard.press('Enter');
      await page.getByText('Cancelled.').first().waitFor();
      // What can be done then is in the same message.
      await expect.poll(async () => (await focused(page)).text).toBe('Re-roll');
      await page
        .locator('.entry', { has: page.locator(`#${running}`) })
        .locator(':focus')
        .waitFor();
      expect(await page.locator('.sentence', { hasText: 'Cancelled.' }).count()).toBe(1);

      const ask = page.locator('summary', { hasText: /^\s*Delete\s*$/ }).last();
      await ask.focus();
      await page.keyboard.press('Enter');
      const yes = page.getByRole('button', { name: 'Yes, delete' }).last();
      await yes.waitFor();
      await page.keyboard.press('Escape');
      await yes.waitFor({ state: 'hidden' });
      expect((await focused(page)).text).toBe('Delete');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect((await focused(page)).text).toBe('Yes, delete');
      await page.keyboard.press('Enter');
      await page.locator(`#${running}`).waitFor({ state: 'detached' });
      await expect.poll(async () => (await focused(page)).message).toMatch(/^message-/);
    });

    it('shows how far a photo is on its way, and stops sending it', async () => {
      // The browser says of a request that is not sent that it was not.
      const page = await openTab(await newContext(), 'upload');
      const client = await page.context().newCDPSession(page);
      const offline = { offline: false, latency: 0, downloadThroughput: -1 };
      await client.send('Network.enable');
      await client.send('Network.emulateNetworkConditions', { ...offline, uploadThroughput: 50_000 });
      const large = join(folder, 'large.png');
      await writeFile(large, Buffer.alloc(2_000_000, 1));
      await pick(page, large);
      await sendLine(page, 'my typed words');
      await page
        .getByText(/^Sending your photo: [1-9]\d? %$/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Stop sending' }).click();
      await page.getByRole('alert').getByText('Not sent.').waitFor();
      expect(await box(page).inputValue()).toBe('my typed words');
      expect(await page.getByText('large.png').isVisible()).toBe(true);
      await client.send('Network.emulateNetworkConditions', { ...offline, uploadThroughput: -1 });
    });

    it('says so where a photo is gone, or another one, by the time it is sent', async () => {
      // The browser says of a request that is not sent that it was not.
      const page = await openTab(await newContext(), 'gone');
      const file = join(folder, 'soon-gone.png');
      for (const change of [() => rm(file), () => utimes(file, 1, 1)]) {
        await writeFile(file, Buffer.alloc(1000, 1));
        await pick(page, file);
        await box(page).fill('my typed words');
        await change();
        await page.getByRole('button', { name: 'Send' }).click();
        await page.getByRole('alert').getByText('The photo can no longer be read').waitFor();
        expect(await box(page).inputValue()).toBe('my typed words');
      }
    });

    it('plays an MP4 in the chat, and answers commands to one person', async () => {
      const { page } = await visit('mp4');
      await sendLine(page, 'hello, can you make a zoom?');
      await page.locator('.private').getByText('add one with the picture button').waitFor();
      await sendLine(page, '/help');
      await page.getByRole('button', { name: 'Every option' }).waitFor();
      await sendPhoto(page, 'format:mp4 size:64 frames:8 steps:1');
      const video = page.locator('video');
      await video.waitFor();
      await expect
        .poll(() =>
          video.evaluate(
            (film: { paused: boolean; currentTime: number; muted: boolean }) =>
              !film.paused && film.muted && film.currentTime > 0,
          ),
        )
        .toBe(true);
    });
  },
);
