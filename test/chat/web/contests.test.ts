import { describe, expect, it } from 'vitest';
import type { ContestActor, Contests } from '../../../src/app/contests.ts';
import type { Press } from '../../../src/app/renders.ts';
import type { ContestId, EntryId } from '../../../src/domain/contest/contest.ts';
import { type ContestStep, encodeStep } from '../../../src/domain/contest/step.ts';
import type { ContestView, EntryView } from '../../../src/domain/contest/view.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import type { MessageAttachment } from '../../../src/domain/message.ts';
import type { Blobs } from '../../../src/ports/blobs.ts';
import { contestFacts, contestRules } from '../../support/contest-facts.ts';
import { fakeContests } from '../../support/fake-contests.ts';
import { createFakeRenders } from '../../support/fake-renders.ts';
import {
  asAnn,
  openWebChat,
  pageOf,
  photoBytes,
  saidIn,
  send,
  type WebHarness,
} from '../../support/web-chat.ts';

const contest = 'contest-1' as ContestId;
const hostile = `"><img src=x onerror=alert(1)></script><script>alert(2)</script>`;

const statusView = (changes: Partial<Extract<ContestView, { kind: 'status' }>> = {}): ContestView => ({
  ...{ kind: 'status', contest, facts: contestFacts(), what: null, entries: [], ballot: [] },
  ...{ isFollowing: false, rights: ['status', 'enter', 'follow'], role: 'moderator' },
  ...changes,
});

const entryView = (number: number, changes: Partial<EntryView> = {}): EntryView => ({
  ...{ id: `entry-${number}` as EntryId, number, state: 'in', reason: null, render: null, by: null },
  ...{ isOwn: false, rank: null, picture: null },
  ...changes,
});

const ballotView = (entries: readonly EntryView[]): ContestView => ({
  ...{ kind: 'ballot', contest, facts: contestFacts({ phase: 'voting' }), entries, page: 0, pages: 1 },
  all: entries,
  ranks: [1, 2, 3].map((rank) => entries.find((entry) => entry.rank === rank)?.number ?? null),
  isChanged: true,
});

/** The page over contests that give what they are told to, and what was asked of them. */
const openContests = async (contests: Partial<Contests> = {}) => {
  const taken: { readonly step: ContestStep; readonly by: ContestActor & { readonly text?: string } }[] = [];
  const pressed: Press[] = [];
  const renders = createFakeRenders(() => {
    throw new Error('nothing is said here');
  }, {} as Blobs);
  const useCases = {
    ...renders,
    press: async (press: Press) => {
      pressed.push(press);
      return { kind: 'contest', view: statusView() } as const;
    },
    contests: {
      ...fakeContests,
      status: async () => statusView(),
      take: async (step: ContestStep, by: ContestActor) => {
        taken.push({ step, by });
        return statusView();
      },
      ...contests,
    },
  };
  const harness = await openWebChat({ useCases });
  return { harness, taken, pressed };
};

const post = (
  harness: WebHarness,
  what: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) =>
  harness.ask(`/rooms/cats/contest/${what}`, {
    method: 'POST',
    headers: { ...asAnn, 'hx-request': 'true', ...headers },
    body: new URLSearchParams(fields),
  });

const step = encodeStep({ kind: 'status', contest });

describe('what one person sees of a contest', () => {
  it('is shown to whoever gave the command alone, and said nowhere', async () => {
    const asked: ContestActor[] = [];
    const { harness } = await openContests({
      status: async (by) => {
        asked.push(by);
        return statusView();
      },
    });
    const answer = await (await send(harness, { text: '/contest' })).text();
    expect(answer).toContain('Scariest cat');
    expect(answer).toContain(`value="${encodeStep({ kind: 'choose', contest })}"`);
    expect(await saidIn(harness)).toEqual([]);
    expect(asked).toEqual([
      {
        actor: { platform: 'web', server: 'cats', user: "Ann O'Hara" },
        isModerator: true,
        person: expect.objectContaining({ name: "Ann O'Hara", accountSince: null, roles: [] }),
        replyTarget: { platform: 'web', ref: 'cats' },
      },
    ]);
  });

  it('changes in place with each step, with what was typed for it', async () => {
    const { harness, taken } = await openContests();
    const report = encodeStep({ kind: 'report', contest, entry: 'entry-7' as EntryId });
    const answer = await post(harness, 'step?panel=panel-one', { step: report, text: 'not a cat' });
    expect(await answer.text()).toMatch(/^<section class="panel" id="panel-one"/);
    expect(answer.headers.has('hx-retarget')).toBe(false);
    expect(taken).toMatchObject([
      { step: { kind: 'report', contest, entry: 'entry-7' }, by: { text: 'not a cat' } },
    ]);
  });

  it('stays where it is when a step is refused, with the reason in it', async () => {
    const { harness } = await openContests({
      take: async () => {
        throw new GramzoomError('contest-own-vote', {});
      },
    });
    const answer = await post(harness, 'step?panel=panel-one', { step });
    expect([answer.status, answer.headers.get('hx-retarget')]).toEqual([409, '#panel-one-problem']);
    expect(await answer.text()).toContain('Nobody can vote for a film or photo of their own');
    const odd = await post(harness, `step?panel=${encodeURIComponent('x" onclick=y')}`, { step });
    expect(odd.headers.get('hx-retarget')).toMatch(/^#panel-[\w-]+-problem$/);
  });

  it('is asked for with steps that there are, and no others', async () => {
    const { harness, taken } = await openContests();
    for (const wrong of ['', 'status', 'rank.contest-1.entry-1.4.0', `${step}.`, 'drop.contest-1']) {
      expect((await post(harness, 'step', { step: wrong })).status).toBe(404);
    }
    expect(taken).toEqual([]);
  });

  it('is in the language that their browser asks for', async () => {
    const { harness } = await openContests();
    const german = await post(
      harness,
      'step',
      { step },
      { 'accept-language': 'fr;q=1, de-AT;q=0.9, en;q=0.5' },
    );
    expect(await german.text()).toContain('Film einreichen');
    const english = await post(harness, 'step', { step }, { 'accept-language': 'fr' });
    expect(await english.text()).toContain('Enter a film');
  });

  it('has pictures that nobody finds who was not shown them', async () => {
    const shown: MessageAttachment[] = [];
    const { harness } = await openContests({
      take: async () => statusView({ entries: shown.map((picture) => entryView(1, { picture })) }),
    });
    const [film, other] = [
      await harness.store.blobs.put(photoBytes(1)),
      await harness.store.blobs.put(photoBytes(2)),
    ];
    shown.push({ blob: film, name: 'entry-1.gif', format: 'gif', alt: '#1' });
    const markup = await (await post(harness, 'step', { step })).text();
    const address = /src="(\/shown\/[^"]+)"/.exec(markup)?.[1] ?? '';
    const file = await harness.ask(address);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/gif']);
    expect(await file.bytes()).toEqual(photoBytes(1));
    for (const wrong of [
      address.replace(film, other),
      address.replace('.gif', '.png'),
      address.replace(/key=.*/, 'key='),
      address.replace(/\?.*/, ''),
    ]) {
      expect((await harness.ask(wrong)).status).toBe(404);
    }
  });
});

describe('buttons of the page', () => {
  it('let everybody keep order in contests, and nobody end what others asked for', async () => {
    const { harness, pressed } = await openContests();
    const press = (path: string) =>
      harness.ask(`/rooms/cats/${path}`, { method: 'POST', headers: { ...asAnn, 'hx-request': 'true' } });
    const answer = await press(`contests/${contest}/status`);
    expect(await answer.text()).toContain('class="panel"');
    await press('renders/render-1/delete');
    expect(pressed.map(({ isModerator = false, person }) => [isModerator, person?.name])).toEqual([
      [true, "Ann O'Hara"],
      [false, undefined],
    ]);
  });

  it('offer entering under films of one’s own only', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const { id } = harness.renders.rows[0]!;
    await harness.web.chat.send(
      { platform: 'web', ref: 'cats' },
      {
        subject: { kind: 'render', id },
        body: { kind: 'cancelled' },
        attachments: [],
        actions: ['enter'],
        mentionsRequester: false,
      },
      { key: 'film' },
    );
    const button = `/rooms/cats/renders/${id}/enter`;
    expect(await pageOf(harness)).toContain(button);
    expect(await pageOf(harness, 'cats', { cookie: 'gramzoom-name=Ben' })).not.toContain(button);
  });
});

describe('starting a contest', () => {
  it('takes the form’s options as the schema has them, and leads to the contest', async () => {
    const started: unknown[] = [];
    const { harness } = await openContests({
      start: async (options) => {
        started.push(options);
        return statusView({ what: 'started' });
      },
    });
    const answer = await post(harness, 'start', {
      ...{ theme: 'Cats', enterUntil: '2026-10-31T18:00', entries: '2', approval: 'on', preset: '' },
      timezone: 'Europe/Berlin',
    });
    expect([answer.status, answer.headers.get('hx-redirect')]).toEqual([200, '/rooms/cats/contest']);
    expect(started).toEqual([
      {
        ...{ theme: 'Cats', enterUntil: '2026-10-31T18:00', entries: 2, approval: 'on' },
        timezone: 'Europe/Berlin',
      },
    ]);
  });

  it('is refused with rules that nothing in a room could keep to', async () => {
    const { harness } = await openContests();
    const answer = await send(harness, { text: '/contest start theme:Cats memberDays:5' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('memberDays');
  });

  it('means the zone that the browser is in', async () => {
    const zones: unknown[] = [];
    const { harness } = await openContests({
      start: async (_options, { zone }) => {
        zones.push(zone);
        return statusView();
      },
    });
    await send(harness, { text: '/contest start theme:Cats', 'browser-zone': 'Asia/Tokyo' });
    expect(zones).toEqual(['Asia/Tokyo']);
  });
});

describe('the page of a contest', () => {
  const running = (view: ContestView, more: Partial<Contests> = {}) =>
    openContests({
      inServer: async () => [{ id: contest, phase: 'voting' } as never],
      view: async () => view,
      ...more,
    });
  const page = async (harness: WebHarness, headers: Record<string, string> = asAnn) =>
    await (await harness.ask('/rooms/cats/contest', { headers })).text();

  it('says what to do until when, in words that need no script', async () => {
    const { harness } = await running(statusView());
    const html = await page(harness);
    expect(html).toContain('Enter a film until');
    expect(html).toContain('31 October 2026 at 18:00 (Europe/Berlin)');
    expect(html).not.toMatch(/ style=| on\w+=|<style|javascript:/);
    expect(await page(harness, { ...asAnn, 'accept-language': 'de' })).toContain('<html lang="de">');
  });

  it('keeps what people typed text', async () => {
    const facts = contestFacts({ rules: contestRules({ theme: hostile }), hostName: hostile });
    const { harness } = await running(statusView({ facts }));
    for (const html of [await page(harness), await pageOf(harness)]) {
      expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
      expect(html).not.toMatch(/<img src=x|<script>alert/);
    }
  });

  it('shows a whole ballot with one’s ranks, and answers a click with what it changes', async () => {
    const entries = [entryView(4, { rank: 1 }), entryView(2), entryView(9, { isOwn: true })];
    const view = statusView({ facts: contestFacts({ phase: 'voting' }), rights: ['vote'] });
    const { harness } = await running(view, {
      ballot: async () => ballotView(entries),
      take: async () => ballotView(entries),
    });
    const html = await page(harness);
    expect(html.match(/id="entry-entry-\d/g)).toEqual(
      ['entry-4', 'entry-2', 'entry-9'].map((id) => `id="entry-${id}`),
    );
    expect(html).toMatch(/id="rank-entry-4-1"[^>]*aria-pressed="true"/);
    expect(html).not.toContain('id="rank-entry-9-1"');
    const rank = encodeStep({ kind: 'rank', contest, entry: 'entry-4' as EntryId, rank: 1, page: 0 });
    const answer = await (await post(harness, 'rank', { step: rank })).text();
    expect(answer).toContain('Your vote is saved.');
    expect(answer.match(/hx-swap-oob/g)).toHaveLength(4);
    expect(answer).not.toContain('film-card');
  });

  it('says why somebody may not vote in the place of the ballot', async () => {
    const view = statusView({ facts: contestFacts({ phase: 'voting' }) });
    const { harness } = await running(view, {
      ballot: async () => {
        throw new GramzoomError('contest-not-eligible', { reason: 'banned', needs: '' });
      },
    });
    expect(await page(harness)).toContain('A moderator has banned you');
  });

  it('is a form to start one where there is none', async () => {
    const { harness } = await openContests();
    const html = await page(harness);
    expect(html).toContain('There is no contest in this room');
    expect(html).toMatch(/<input type="datetime-local"[^>]*name="enterUntil"/);
    for (const unknown of ['memberDays', 'accountDays', 'guests', 'prize', 'role']) {
      expect(html).not.toContain(`name="${unknown}"`);
    }
  });
});

describe('a photo for the contest', () => {
  it('is asked about before it is stored, and entered as it is taken', async () => {
    const admitted: unknown[] = [];
    const entered: JobId[] = [];
    const harness = await openWebChat();
    const contests: Contests = {
      ...fakeContests,
      admit: async (options) => {
        expect(await Array.fromAsync(harness.store.blobs.list())).toEqual([]);
        admitted.push(options);
      },
      enter: async (render) => {
        entered.push(render);
        return statusView();
      },
    };
    Object.assign(harness.renders, { contests });
    const answer = await send(harness, { text: '/gramzoom size:64 contest:on', photo: true });
    expect(await answer.text()).toContain('class="panel"');
    expect(admitted).toEqual([{ kind: 'zoom', size: 64 }]);
    expect(entered).toEqual([harness.renders.rows[0]?.id]);
    expect(await saidIn(harness)).toMatchObject([{ text: '/gramzoom size:64' }, {}]);
  });
});

describe('contests for programs', () => {
  const get = async (harness: WebHarness, path: string) => {
    const response = await harness.ask(`/api/contests${path}`, { headers: { user: 'Ann', server: 'cats' } });
    return { status: response.status, body: (await response.json()) as unknown };
  };

  it('are told with times, counts and what is one’s own', async () => {
    const { harness } = await openContests({
      view: async () => statusView({ entries: [entryView(7, { isOwn: true })], ballot: [3] }),
    });
    expect(await get(harness, `/${contest}`)).toMatchObject({
      status: 200,
      body: {
        ...{ id: contest, theme: 'Scariest cat', phase: 'entering', zone: 'Europe/Berlin' },
        ...{ enterUntil: '2026-10-31T17:00:00.000Z', entries: 0, voters: 0, ballot: [3] },
        mine: [{ number: 7, state: 'in', isOwn: true }],
      },
    });
    expect(await get(harness, '')).toEqual({ status: 200, body: [] });
    expect(await get(harness, `/${contest}/results`)).toMatchObject({ status: 404 });
  });

  it('take a rank by the number of an entry', async () => {
    const ranked: ContestStep[] = [];
    const { harness } = await openContests({
      ballot: async () => ballotView([entryView(4), entryView(2)]),
      take: async (asked) => {
        ranked.push(asked);
        return ballotView([entryView(4), entryView(2)]);
      },
    });
    const rank = async (fields: Readonly<Record<string, string>>) =>
      (
        await harness.ask(`/api/contests/${contest}/ballot`, {
          method: 'POST',
          headers: { user: 'Ann', server: 'cats' },
          body: new URLSearchParams(fields),
        })
      ).status;
    expect(await rank({ entry: '2', rank: '1' })).toBe(200);
    expect(ranked).toContainEqual({ kind: 'rank', contest, entry: 'entry-2', rank: 1, page: 0 });
    expect(await rank({ entry: '2', rank: '4' })).toBe(400);
    expect(await rank({ entry: '2' })).toBe(400);
    expect(await rank({ entry: '5', rank: '1' })).toBe(409);
  });
});
