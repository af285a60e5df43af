/** The bot's chat page in a browser, for the tests of a file. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { type BotProcess, startBotProcess } from './bot-process.ts';
import { launchChromium } from './chromium.ts';
import { samplePhoto, temporaryFolder } from './command-line.ts';

/** A render takes seconds, on a busy machine many. */
export const pageTimeoutMs = 180_000;

export const box = (page: Page) => page.getByRole('combobox', { name: 'Message' });
export const pick = (page: Page, file = samplePhoto) => page.getByLabel('Add a photo').setInputFiles(file);
export const sendLine = async (page: Page, line: string): Promise<void> => {
  await box(page).fill(line);
  await page.getByRole('button', { name: 'Send' }).click();
};
export const sendPhoto = async (page: Page, line: string): Promise<void> => {
  await pick(page);
  await sendLine(page, line);
};

/** One bot and one browser for all tests of a file, and what each of them opens. */
export const pageForFile = () => {
  let bot: BotProcess | undefined;
  let browser: Browser | undefined;
  const { path: folder, remove } = temporaryFolder();

  beforeAll(async () => {
    [bot, browser] = await Promise.all([
      startBotProcess(folder, { USER_LIMIT: '20', SERVER_LIMIT: '50' }),
      launchChromium(),
    ]);
  }, pageTimeoutMs);
  afterAll(async () => {
    await browser?.close();
    bot?.killGroup();
    await bot?.gone;
    remove();
  });

  const openTab = async (context: BrowserContext, room: string, complaints: string[] = []): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // An answer such as 400 is a complaint too, and is what some tests are about.
      const expected = /Failed to load resource|Response Status Error Code 4/.test(message.text());
      if (message.type() === 'error' && !expected) complaints.push(message.text());
    });
    await page.goto(`${url()}/rooms/${room}`);
    return page;
  };
  const url = (): string => {
    if (!bot) throw new Error('the bot has not been started');
    return bot.url;
  };

  /** A browser's storage of its own, without a page yet. */
  const newContext = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> => {
    if (!browser) throw new Error('the browser has not been started');
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(pageTimeoutMs / 2);
    onTestFinished(() => context.close());
    return context;
  };

  /** A person with a browser of their own, on the page. Whatever the browser complains about fails the test. */
  const visit = async (room: string, options: Parameters<Browser['newContext']>[0] = {}) => {
    const complaints: string[] = [];
    onTestFinished(() => expect(complaints).toEqual([]));
    const context = await newContext(options);
    return { context, page: await openTab(context, room, complaints) };
  };

  return { folder, url, newContext, openTab, visit };
};
