import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBotProcess } from '../support/bot-process.ts';
import { box, pageForFile, pageTimeoutMs, pick, sendLine, sendPhoto } from '../support/chat-page.ts';
import { hasChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/command-line.ts';

/** Long enough for a look or two at it on its way: pictures come every three seconds. */
const slowFilm = '/gramzoom size:64 frames:48 steps:6';
const quickFilm = '/gramzoom size:64 frames:8 steps:2';

describe.skipIf(!hasChromium)('the chat page in chromium', { timeout: pageTimeoutMs }, () => {
  const { url, newContext, openTab, visit } = pageForFile();

  const answers = (page: Page) => page.locator('#messages > .entry > .message.bot');
  const films = (page: Page) => page.getByRole('img', { name: /^Endless zoom/ });
  const isLoaded = (image: ReturnType<Page['locator']>) =>
    image.evaluate(
      (element: { complete: boolean; naturalWidth: number }) => element.complete && element.naturalWidth > 0,
    );

  const deleteLast = async (page: Page): Promise<void> => {
    await page
      .locator('summary', { hasText: /^\s*Delete\s*$/ })
      .last()
      .click();
    await page.getByRole('button', { name: 'Yes, delete' }).last().click();
  };

  it('takes a new user from the photo to the looping film, a re-roll, a cancelled one and back', async () => {
    const { context, page } = await visit('pumpkin-patch');
    const other = await openTab(context, 'pumpkin-patch');
    await page.getByRole('heading', { name: 'Welcome to pumpkin-patch' }).waitFor();

    await pick(page);
    expect(await isLoaded(page.getByAltText('Preview of your photo'))).toBe(true);
    await sendLine(page, slowFilm);
    await answers(page)
      .getByText(/Next in the queue|Painting the first frame|Frame \d+ of 48/)
      .waitFor();
    const progress = page.getByRole('img', { name: /^The picture so far/ });
    await progress.waitFor();
    await expect.poll(() => isLoaded(progress)).toBe(true);
    await other.getByRole('img', { name: /^The picture so far/ }).waitFor();

    await films(page).waitFor();
    await films(other).waitFor();
    const source = await films(page).getAttribute('src');
    const film = await context.request.get(new URL(source ?? '', url()).href);
    expect(film.headers()['content-type']).toBe('image/gif');
    const bytes = await film.body();
    expect(bytes.subarray(0, 6).toString('latin1')).toBe('GIF89a');
    // Repeats for ever: the extension's loop count is 0.
    expect(bytes.includes(Buffer.from('NETSCAPE2.0\u0003\u0001\u0000\u0000\u0000', 'latin1'))).toBe(true);
    await answers(page).getByText('The film is ready.').waitFor();
    expect(await progress.count()).toBe(0);

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/^gramzoom-.*\.gif$/);

    await page.getByRole('button', { name: 'Re-roll' }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await page.getByRole('button', { name: 'Re-roll' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Cancel' }).count()).toBe(2);
    await page.getByRole('button', { name: 'Cancel' }).last().click();
    await answers(page).last().getByText('Cancelled.').waitFor();
    await expect.poll(() => films(page).count(), { timeout: pageTimeoutMs / 2 }).toBe(2);
    await page.getByRole('link', { name: /^re-roll of/ }).waitFor();

    const summary = async () => ({
      messages: await page.locator('.message').count(),
      films: await films(page).count(),
      words: await page.locator('.sentence, .command, .facts').allTextContents(),
    });
    // The cancelled one never began: its answer is all there is to say about it.
    await expect.poll(() => page.locator('.thread .message').count()).toBe(2);
    const before = await summary();
    await page.reload();
    expect(await summary()).toEqual(before);
    for (const image of await page.locator('.message img').all()) expect(await isLoaded(image)).toBe(true);

    await deleteLast(page);
    await expect.poll(() => answers(other).count()).toBe(2);
  });

  it('takes a photo that is dropped or pasted, and lets it go again', async () => {
    const { page } = await visit('drop');
    for (const type of ['drop', 'paste']) {
      await page.evaluate(
        `{
          const data = new DataTransfer();
          data.items.add(new File(['a photo'], 'leaf.png', { type: 'image/png' }));
          const init = { bubbles: true, cancelable: true };
          document.body.dispatchEvent('${type}' === 'drop'
            ? new DragEvent('drop', { ...init, dataTransfer: data })
            : new ClipboardEvent('paste', { ...init, clipboardData: data }));
        }`,
      );
      await page.getByText('leaf.png').waitFor();
      await page.getByRole('button', { name: 'Remove the photo' }).click();
      await page.getByText('leaf.png').waitFor({ state: 'hidden' });
    }
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('Add a photo').waitFor();
  });

  it('shows what is wrong beside the box, and keeps what was written', async () => {
    const { page } = await visit('wrong');
    await sendPhoto(page, '/gramzoom size:1000');
    await page
      .getByRole('alert')
      .getByText('size takes a multiple of 16 from 64 to 512, not 1000.')
      .waitFor();
    expect(await box(page).inputValue()).toBe('/gramzoom size:1000');
    expect(await page.getByAltText('Preview of your photo').isVisible()).toBe(true);
    await sendLine(page, quickFilm);
    await answers(page).waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('');
    expect(await box(page).inputValue()).toBe('');
  });

  it('can be used with the keyboard alone: completion, options, cancelling', async () => {
    const { page } = await visit('keyboard');
    await pick(page);
    await box(page).focus();
    await page.keyboard.type('/gr');
    await page.getByRole('option', { name: /gramzoom/ }).waitFor();
    await page.keyboard.press('Tab');
    expect(await box(page).inputValue()).toBe('/gramzoom ');
    for (let down = 0; down < 3; down++) await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('option', { selected: true }).textContent()).toContain('frames:');
    await page.keyboard.press('Enter');
    await page.keyboard.type('240 si');
    await page.keyboard.press('Tab');
    await page.keyboard.type('64 direction:');
    expect(await page.getByRole('option').allTextContents()).toEqual([
      expect.stringMatching(/^in/),
      expect.stringMatching(/^out/),
    ]);
    await page.keyboard.press('Escape');
    await page.keyboard.type('out');
    await page.keyboard.press('Enter');
    await page.getByText('/gramzoom frames:240 size:64 direction:out').waitFor();

    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.focus();
    // Its message changes with every frame, and the button keeps the focus.
    await answers(page)
      .getByText(/^Frame \d+ of 240/)
      .waitFor();
    await expect.poll(() => cancel.evaluate((button) => button.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await answers(page).getByText('Cancelled.').waitFor();
  });

  it('answers commands, and takes options from the form', async () => {
    const { page } = await visit('commands');
    await sendLine(page, '/queue');
    await page
      .locator('.private')
      .getByText(/Nothing is|Now: /)
      .waitFor();
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('spinbutton', { name: 'size' }).fill('64');
    await page.getByRole('spinbutton', { name: 'frames' }).fill('8');
    await page.getByRole('combobox', { name: 'direction' }).selectOption('out');
    await pick(page);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('/gramzoom size:64 frames:8 direction:out').waitFor();
    await page.getByRole('spinbutton', { name: 'size' }).waitFor({ state: 'hidden' });
  });

  it('makes a texture where that is chosen, which can be downloaded and re-rolled', async () => {
    const { page } = await visit('textures');
    await page.getByRole('radio', { name: 'Texture' }).check();
    await page.getByRole('button', { name: 'Options' }).click();
    await expect.poll(() => page.getByRole('spinbutton', { name: 'frames' }).isVisible()).toBe(false);
    await page.getByRole('spinbutton', { name: 'size' }).fill('64');
    await page.getByRole('spinbutton', { name: 'steps' }).fill('1');
    await pick(page);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('/texture size:64 steps:1').waitFor();
    const stills = page.getByRole('img', { name: /^Texture: / });
    await stills.waitFor();
    await expect.poll(() => isLoaded(stills)).toBe(true);
    await answers(page).getByText('The texture is ready.').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.png$/);
    await page.getByRole('button', { name: 'Re-roll' }).click();
    await expect.poll(() => stills.count(), { timeout: pageTimeoutMs / 2 }).toBe(2);
  });

  it('has one stream while it is seen, none while it is hidden, and shows what was missed', async () => {
    const { page: other } = await visit('hidden');
    const context = await newContext();
    const page = await context.newPage();
    const streams = { opened: 0, ended: 0 };
    const isStream = (url: string): boolean => url.includes('/events');
    page.on('request', (request) => isStream(request.url()) && streams.opened++);
    page.on('requestfailed', (request) => isStream(request.url()) && streams.ended++);
    await page.goto(`${url()}/rooms/hidden`);
    const seen = (state: 'hidden' | 'visible') =>
      page.evaluate(
        `Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' });
         document.dispatchEvent(new Event('visibilitychange'));`,
      );
    await sendPhoto(other, '/gramzoom size:64 frames:240');
    await other.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.', { exact: true }).waitFor();
    await sendLine(other, 'first');
    await page.locator('.said', { hasText: 'first' }).waitFor();
    await seen('hidden');
    await expect.poll(() => streams.ended).toBe(1);
    await sendLine(other, 'missed');
    await deleteLast(other);
    await expect.poll(() => answers(other).count()).toBe(0);
    expect(await answers(page).count()).toBe(1);
    expect(await page.locator('.said').allTextContents()).toEqual(['first']);
    await seen('visible');
    await page.locator('.said', { hasText: 'missed' }).waitFor();
    expect(await page.locator('.said').allTextContents()).toEqual(['first', 'missed']);
    expect(await answers(page).count()).toBe(0);
    expect(streams).toEqual({ opened: 2, ended: 1 });
  });

  it('shows a still where nothing should move, until it is asked to play', async () => {
    const { page } = await visit('still', { reducedMotion: 'reduce' });
    await sendPhoto(page, quickFilm);
    await films(page).waitFor();
    const shown = () => films(page).evaluate((image: { currentSrc: string }) => image.currentSrc);
    const film = new URL((await films(page).getAttribute('src')) ?? '', url()).href;
    await expect.poll(shown).not.toBe('');
    expect(await shown()).not.toBe(film);
    await page.getByRole('button', { name: 'Play the film' }).click();
    await expect.poll(shown).toBe(film);
  });

  it('fits a phone, in the dark too', async () => {
    const { page } = await visit('phone', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await sendPhoto(page, quickFilm);
    await films(page).waitFor();
    await page.getByRole('button', { name: 'Options' }).click();
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(27, 22, 19)');
  });

  it('lets people change their name', async () => {
    const { page } = await visit('names');
    await page.getByText(/^\w+ \w+ \d\d$/).click();
    await page.getByLabel('Your name').fill('Zoë <b>');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.who', { hasText: 'Zoë <b>' }).waitFor();
    await sendLine(page, 'it is me');
    await page.locator('.message.person .name', { hasText: 'Zoë <b>' }).waitFor();
  });

  it('goes on by itself after the bot was away', async () => {
    const { path: folder, remove: removeFolder } = temporaryFolder();
    const first = await startBotProcess(folder);
    const port = new URL(first.url).port;
    onTestFinished(removeFolder);
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(`${first.url}/rooms/away`);
    await sendLine(page, 'before');
    await page.locator('.said', { hasText: 'before' }).waitFor();
    first.killGroup();
    await first.gone;
    await page.getByText('Connection lost. Reconnecting…').waitFor();
    await sendLine(page, 'into the void');
    await page.getByRole('alert').getByText('cannot be reached').waitFor();
    const second = await startBotProcess(folder, { PORT: port });
    onTestFinished(async () => {
      second.killGroup();
      await second.gone;
    });
    await page.getByText('Connection lost').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.said', { hasText: 'into the void' }).waitFor();
    expect(await page.locator('.said').allTextContents()).toEqual(['before', 'into the void']);
  });
});
