import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendPhoto } from '../support/chat-page.ts';
import { hasChromium } from '../support/chromium.ts';
import {
  advanceTo,
  ballots,
  counted,
  countedVoters,
  disqualified,
  entrants,
  inBerlin,
  lateVoters,
  reason,
  selfVoter,
  undecided,
  withdrawn,
} from '../support/contest-story.ts';
import { nameOf, openPageStory, type PageStory } from '../support/page-contest-stage.ts';
import { decodeGif } from '../support/staged-bot.ts';

const [minuteMs, hourMs] = [60_000, 3_600_000];
const { zone, enterFrom, enterUntil, voteUntil, extendedUntil } = inBerlin;
/** Enters in a browser. */
const browsing = 3;
/** The fortieth to vote, for nothing that counts in the end. */
const inVain = 40;

const timeLeft = (page: Page): Promise<string | null> =>
  page.locator('#contest .countdown-value').textContent();
/** Somebody's page of the contest, as it is after it has been loaded anew. */
const look = async (page: Page): Promise<Page> => {
  await page.reload();
  return page;
};

describe.skipIf(!hasChromium)('a Halloween on the page', () => {
  let story: PageStory;
  beforeAll(async () => {
    story = await openPageStory();
  }, 60_000);
  afterAll(async () => {
    await story?.close();
  });

  const headline = (page: Page, text: string) => page.locator('.contest-headline', { hasText: text });

  /** Lets time pass until a reminder is due, and waits for it. */
  const remind = async (lobby: Page, at: number, text: string): Promise<void> => {
    advanceTo(story, at + minuteMs);
    await headline(lobby, text).waitFor();
  };

  const start = async (host: Page): Promise<void> => {
    await host.getByLabel('Preset').selectOption('Halloween');
    await host.getByText('More options').click();
    expect(await host.getByLabel('Timezone').inputValue()).toBe(zone);
    await host.getByRole('button', { name: 'Start the contest' }).click();
    await host.getByText('until it begins').waitFor();
    expect(await timeLeft(host)).toBe('1 day, 9 hours');
    await story.find();
    expect(await story.contestOf(1)).toMatchObject({
      ...{ phase: 'draft', zone, entries: 0, voters: 0 },
      enterUntil: new Date(enterUntil).toISOString(),
      voteUntil: new Date(voteUntil).toISOString(),
    });
    advanceTo(story, enterFrom);
    await host.getByText('left to enter').waitFor();
    // A day and an hour more than the clocks of Berlin tell: they go back meanwhile.
    expect(await timeLeft(await look(host))).toBe('7 days, 18 hours');
  };

  const enterByButton = async (who: number): Promise<void> => {
    const page = await story.visit(nameOf(who));
    await sendPhoto(page, '/gramzoom size:64 frames:8 steps:1 quality:draft depth:texture');
    await page.locator('[data-kind="result"]').getByRole('button', { name: 'Enter the contest' }).click();
    await page.locator('.panel').getByText('You are in: your film is No.').waitFor();
    await page.context().close();
  };

  const enterAll = async (host: Page): Promise<void> => {
    for (let who = entrants; who > 0; who--) {
      await (who === browsing ? enterByButton(who) : story.enter(who, who % 2 ? 'option' : 'render'));
    }
    await host.getByText(`${entrants} films so far.`).waitFor();
    for (let who = 1; who <= entrants; who++) await story.readNumber(who);
  };

  const cheat = async (): Promise<void> => {
    const { numberOf, rank, ballotOf } = story;
    const own = await rank(selfVoter, numberOf(selfVoter), 1);
    expect(own).toMatchObject({ status: 409, body: { code: 'contest-own-vote' } });
    const films = [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 6, 7, 8, 9, 10];
    const clicks = await Promise.all(films.map((maker) => rank(selfVoter, numberOf(maker), 1)));
    expect(new Set(clicks.map(({ status }) => status))).toEqual(new Set([200]));
    const { ranks } = await ballotOf(selfVoter);
    expect(new Set(ranks).size).toBe(3);
    expect((await story.contestOf(1)).voters).toBe(1);
  };

  const place = (page: Page, rank: string, who: number) =>
    page.getByRole('button', { name: `${rank} place: No. ${story.numberOf(who)}`, exact: true });
  const put = async (page: Page, rank: string, who: number): Promise<void> => {
    const vote = `${rank} place: No. ${story.numberOf(who)}`;
    await place(page, rank, who).click();
    await page.getByRole('status').getByText(vote).waitFor();
  };

  /** Has another opinion first, sees it again, and changes it. */
  const voteByButtons = async (voter: Page): Promise<void> => {
    await put(voter, '1st', 2);
    await look(voter);
    expect(await place(voter, '1st', 2).getAttribute('aria-pressed')).toBe('true');
    const [first, second, third] = ballots[undecided]!;
    await put(voter, '1st', first!);
    await put(voter, '2nd', second!);
    await put(voter, '3rd', third!);
    await look(voter);
    expect(await voter.locator('.rank[aria-pressed="true"]').count()).toBe(3);
    expect((await story.contestOf(undecided)).ballot).toEqual(ballots[undecided]!.map(story.numberOf));
  };

  const withdraw = async (who: number): Promise<void> => {
    const page = await story.visit(nameOf(who), '/contest');
    await page.getByRole('button', { name: 'My part' }).click();
    await page.getByRole('button', { name: `Withdraw No. ${story.numberOf(who)}` }).click();
    await page.getByRole('dialog').getByText('Your film is no longer in the contest.').waitFor();
    await page.context().close();
  };

  const takeOut = async (host: Page, who: number): Promise<void> => {
    const dialog = host.getByRole('dialog');
    await host.getByRole('button', { name: 'Look through the films' }).click();
    for (let position = 1; ; position++) {
      await dialog.getByText(`${position} of `).waitFor();
      if (await dialog.getByText(`No. ${story.numberOf(who)}, by`).isVisible()) break;
      await dialog.getByRole('button', { name: 'Next' }).click();
    }
    await dialog.locator('summary', { hasText: 'Take out' }).click();
    await dialog.getByLabel('Why? Its maker is told.').first().fill(reason);
    await dialog.getByRole('button', { name: 'Take out' }).click();
    await dialog.getByText(`No. ${story.numberOf(who)} is out of the contest`).waitFor();
    await host.keyboard.press('Escape');
    expect((await story.contestOf(who)).mine).toMatchObject([{ state: 'disqualified', reason }]);
  };

  const extend = async (host: Page): Promise<void> => {
    await host.getByLabel('New end').fill('2026-11-02T18:00');
    await host.getByRole('button', { name: 'Give more time' }).click();
    await host.locator('.until', { hasText: '2 November' }).waitFor();
    expect(await timeLeft(host)).toBe('1 day, 11 hours');
    expect((await story.contestOf(1)).voteUntil).toBe(new Date(extendedUntil).toISOString());
  };

  const vote = async (host: Page, lobby: Page): Promise<void> => {
    await cheat();
    const isLate = (who: number): boolean => lateVoters.includes(who) || who === undecided;
    const voters = Object.keys(ballots).map(Number);
    for (const who of voters) if (!isLate(who)) await story.vote(who, ballots[who]!);
    await story.vote(inVain, [disqualified]);
    await remind(lobby, (enterUntil + voteUntil) / 2, 'half of the time to vote');
    await extend(host);
    await withdraw(withdrawn);
    await takeOut(host, disqualified);
    for (const who of lateVoters) await story.vote(who, ballots[who]!);
    const voter = await story.visit(nameOf(undecided), '/contest');
    await voteByButtons(voter);
    expect(await voter.locator('#ballot').textContent()).not.toMatch(/person|points?\b/);
    await voter.context().close();
    await host.getByText('10 films, and 40 people have voted.').waitFor();
    expect((await story.results(1)).status).toBe(409);
    const { entries } = await story.ballotOf(undecided);
    expect(entries.map(({ by }) => by)).toEqual(entries.map(() => null));
  };

  const expectResults = async (host: Page): Promise<void> => {
    await host.getByRole('heading', { name: 'Winners' }).waitFor();
    await host.getByRole('heading', { name: 'The winners in one film' }).waitFor();
    expect(await host.locator('.winner .place').allTextContents()).toEqual([
      '1st place · 51 points',
      '2nd place · 36 points',
      '2nd place · 36 points',
    ]);
    const { body } = await story.results(1);
    const table = body.table.map(({ by, place, points, ranks }) => ({
      ...{ place, who: Number(by.slice('person-'.length)), points, ranks },
    }));
    expect(table.toSorted((a, b) => a.place - b.place || a.who - b.who)).toEqual(counted);
    expect(body.voters).toBe(countedVoters);
    expect(await host.locator('tbody tr').count()).toBe(counted.length);
    for (const { by, number } of body.table) {
      expect((await story.contestOf(Number(by.slice('person-'.length)))).mine).toMatchObject([{ number }]);
    }
    const [reel, poster] = await Promise.all([story.fileAt(body.reel), story.fileAt(body.poster)]);
    expect(await decodeGif(reel.bytes)).toMatchObject({ format: 'gif', loop: 0 });
    expect(await sharp(poster.bytes).metadata()).toMatchObject({ mediaType: poster.type });
  };

  const expectRoom = async (lobby: Page): Promise<void> => {
    const said = await lobby.locator('.contest-headline').allTextContents();
    const named = (who: number): string => `${nameOf(who)} (No. ${story.numberOf(who)}), 36 points`;
    expect(said).toEqual([
      '🏆 Contest: Halloween',
      '📣 Halloween: films can be entered from now on',
      '🔔 Halloween: half of the time to enter is over',
      '🔔 Halloween: one more day to enter',
      '🔔 Halloween: one more hour to enter',
      '📣 Halloween: the vote is open',
      '🖼️ Halloween: the films',
      '🔔 Halloween: half of the time to vote is over',
      '🔔 Halloween: one more day to vote',
      '🔔 Halloween: one more hour to vote',
      '🏆 Halloween: the results',
      `1st place: ${nameOf(7)} (No. ${story.numberOf(7)}), 51 points`,
      `2nd place: ${named(4)}`,
      `2nd place: ${named(2)}`,
    ]);
    expect(await lobby.locator('.stills li').count()).toBe(counted.length);
    const thread = lobby.locator('#messages > .entry', { has: lobby.getByText('🏆 Contest: Halloween') });
    const inThread = thread.locator('.thread [data-kind="result"]');
    expect(await inThread.getByText('The winners’ reel is ready.').count()).toBe(1);
    expect(await inThread.locator('.facts').count()).toBe(1);
  };

  it('comes out as its ballots say, and the room is told each thing once', { timeout: 180_000 }, async () => {
    const host = await story.visit('host', '/contest');
    await start(host);
    const lobby = await story.visit('watcher');
    await enterAll(host);

    await remind(lobby, (enterFrom + enterUntil) / 2, 'half of the time to enter');
    await remind(lobby, enterUntil - 24 * hourMs, 'one more day to enter');
    await remind(lobby, enterUntil - hourMs, 'one more hour to enter');
    expect(await timeLeft(await look(host))).toMatch(/^5[78]:\d\d$/);
    advanceTo(story, enterUntil);
    await host.getByRole('heading', { name: 'Your vote' }).waitFor();
    await vote(host, lobby);
    await remind(lobby, extendedUntil - 24 * hourMs, 'one more day to vote');
    await remind(lobby, extendedUntil - hourMs, 'one more hour to vote');
    advanceTo(story, extendedUntil);
    await expectResults(host);

    await headline(lobby, 'the results').waitFor();
    await look(lobby);
    await expectRoom(lobby);
    expect(story.troubles()).toEqual([]);
  });
});
