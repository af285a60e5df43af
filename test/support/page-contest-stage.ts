/** The bot's own page and its JSON interface for the story of a contest: a bot in the process of the test, on a clock. */
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { createClient, isOver } from './bot-client.ts';
import { pageTimeoutMs } from './chat-page.ts';
import { launchChromium } from './chromium.ts';
import { photoOf, storyBegins } from './contest-story.ts';
import { createRunningClock } from './running-clock.ts';
import { createStagedBot, isTrouble, small } from './staged-bot.ts';

export const room = 'halloween';
export const nameOf = (who: number): string => `person-${who}`;

/** How a program finds a contest: docs/interface.md. */
type Contest = {
  readonly id: string;
  readonly theme: string;
  readonly phase: string;
  readonly zone: string;
  readonly enterUntil: string;
  readonly voteUntil: string;
  readonly entries: number;
  readonly voters: number;
  readonly mine: readonly {
    readonly number: number;
    readonly state: string;
    readonly reason: string | null;
  }[];
  readonly ballot: readonly number[];
};
type Ballot = {
  readonly ranks: readonly (number | null)[];
  readonly entries: readonly {
    readonly number: number;
    readonly isOwn: boolean;
    readonly by: string | null;
  }[];
};
type Results = {
  readonly voters: number;
  readonly table: readonly {
    readonly place: number;
    readonly number: number;
    readonly points: number;
    readonly ranks: readonly number[];
    readonly by: string;
    readonly film: string;
  }[];
  readonly poster: string | null;
  readonly reel: string | null;
};
type Answer<Body> = { readonly status: number; readonly body: Body };

/** A bot and a browser. */
export const openPageStory = async () => {
  const clock = createRunningClock({ startsAt: storyBegins });
  const environment = { HOST: '127.0.0.1', USER_LIMIT: '20', SERVER_LIMIT: '50' };
  const staged = createStagedBot({
    ...{ environment: () => environment, addresses: {}, clock, onLog: () => {} },
  });
  const [bot, browser] = await Promise.all([staged.start(), launchChromium()]);
  const url = bot.page ?? '';
  const client = createClient(url);
  const complaints: string[] = [];

  const ask = async <Body>(who: number, path: string, fields?: Readonly<Record<string, string>>) => {
    const response = await fetch(`${url}/api/contests${path}`, {
      headers: { user: nameOf(who), server: room },
      ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
    });
    return { status: response.status, body: await response.json() } as Answer<Body>;
  };
  const found = async <Body>(who: number, path: string): Promise<Body> => {
    const { status, body } = await ask<Body>(who, path);
    if (status !== 200) throw new Error(`${path} of ${nameOf(who)}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  let contest = '';
  const contestOf = (who: number): Promise<Contest> => found<Contest>(who, `/${contest}`);
  const ballotOf = (who: number): Promise<Ballot> => found<Ballot>(who, `/${contest}/ballot`);
  const rank = (who: number, entry: number, at: number): Promise<Answer<Ballot>> =>
    ask<Ballot>(who, `/${contest}/ballot`, { entry: String(entry), rank: String(at) });

  const numbers = new Map<number, number>();
  const numberOf = (who: number): number => {
    const number = numbers.get(who);
    if (number === undefined) throw new Error(`nothing of ${nameOf(who)} is in the contest`);
    return number;
  };

  const film = async (who: number, options: Readonly<Record<string, string>>): Promise<string> => {
    const { bytes } = await photoOf(who);
    const asker = { user: nameOf(who), server: room };
    const response = await client.post(asker, { ...small, ...options }, new Uint8Array(bytes));
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as { readonly id: string };
    expect(await client.until(id, isOver)).toMatchObject({ state: 'done' });
    return id;
  };

  return {
    clock,
    url,
    rank,
    contestOf,
    ballotOf,
    numberOf,
    results: (who: number) => ask<Results>(who, `/${contest}/results`),
    /** The contest that everything here is about from now on. */
    find: async (): Promise<void> => {
      const [newest] = await found<readonly Contest[]>(1, '');
      contest = newest?.id ?? '';
    },
    /** Enters a film while it is asked for, or once it is there. */
    enter: async (who: number, way: 'option' | 'render'): Promise<void> => {
      const render = await film(who, way === 'option' ? { contest: 'on' } : {});
      if (way === 'option') return;
      const { status, body } = await ask(who, `/${contest}/entries`, { render });
      expect(status, JSON.stringify(body)).toBe(200);
    },
    /** Looks up which number somebody's film has. */
    readNumber: async (who: number): Promise<void> => {
      const { mine } = await contestOf(who);
      expect(mine, nameOf(who)).toMatchObject([{ state: 'in' }]);
      numbers.set(who, mine[0]!.number);
    },
    /** Makes somebody's ballot this one: films by who made them, best first. */
    vote: async (who: number, films: readonly number[]): Promise<void> => {
      const wanted = films.map(numberOf);
      for (const number of (await contestOf(who)).ballot) {
        if (!wanted.includes(number)) expect((await rank(who, number, 0)).status).toBe(200);
      }
      for (const [index, number] of wanted.entries()) {
        expect((await rank(who, number, index + 1)).status).toBe(200);
      }
      expect((await contestOf(who)).ballot).toEqual(wanted);
    },
    /** A file that the results have. */
    fileAt: async (address: string | null) => {
      const response = await fetch(`${url}${address}`);
      const [bytes, type] = [
        new Uint8Array(await response.arrayBuffer()),
        response.headers.get('content-type'),
      ];
      return { bytes, type };
    },
    /** Somebody's browser, on a page of the room. */
    visit: async (name: string, path = ''): Promise<Page> => {
      const context: BrowserContext = await browser.newContext({ timezoneId: 'Europe/Berlin' });
      await context.addCookies([{ name: 'gramzoom-name', value: encodeURIComponent(name), url }]);
      context.setDefaultTimeout(pageTimeoutMs / 2);
      const page = await context.newPage();
      page.on('pageerror', ({ message }) => complaints.push(message));
      await page.goto(`${url}/rooms/${room}${path}`);
      return page;
    },
    /** What went wrong without anybody having been told. */
    troubles: () => [...complaints, ...staged.log.filter(isTrouble).map(({ msg }) => msg)],
    close: async (): Promise<void> => {
      await browser.close();
      await staged.close();
    },
  };
};

export type PageStory = Awaited<ReturnType<typeof openPageStory>>;
