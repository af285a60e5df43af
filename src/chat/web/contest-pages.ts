import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { withNetworks } from '../../../commands/command.ts';
import { commands } from '../../../commands/index.ts';
import type { Renders } from '../../app/renders.ts';
import type { ContestId } from '../../domain/contest/contest.ts';
import { isOpen } from '../../domain/contest/phase.ts';
import type { ContestFacts } from '../../domain/contest/post.ts';
import { type ContestStep, decodeStep } from '../../domain/contest/step.ts';
import type { ContestView } from '../../domain/contest/view.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/job.ts';
import { defaultKind } from '../../domain/kinds.ts';
import { en } from '../../messages/en.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { contestPage as contestFile } from '../shared/contest-page.ts';
import { addresses } from './addresses.ts';
import { newestContest, shownContest, viewOf } from './contest-data.ts';
import { contestActor, contestContext } from './contest-person.ts';
import { readContestForm, roomContestFields } from './contest-start.ts';
import { isFragmentRequest } from './error-reply.ts';
import { ballotSummary, rankButtons } from './html/contest-ballot.ts';
import { contestPageMarkup, panelPage } from './html/contest-page.ts';
import { type ContestLook, contestBadge, contestLook } from './html/contest-parts.ts';
import type { AssetLinks } from './html/page.ts';
import { panelMarkup } from './html/panel.ts';
import type { LiveRooms } from './live-rooms.ts';
import { panelId, type ShowPanel } from './panels.ts';
import { formType, limitBody, maxTextBytes, parseForm, readOptions, readTexts } from './read-form.ts';
import { replyIn } from './room-ref.ts';
import type { ShownAddress } from './shown-files.ts';
import type { Submissions } from './submissions.ts';
import { declaredBytes, type Uploads } from './uploads.ts';
import { visitorLanguage, visitorWords } from './visitor-words.ts';

/** Of the page that a host takes away: it is put together in memory. */
const maxFileBytes = 64_000_000;

export type ContestPagesParts = {
  readonly renders: () => Renders;
  readonly rooms: Pick<LiveRooms, 'latest'>;
  readonly submissions: Submissions;
  readonly uploads: Uploads;
  readonly blobs: Blobs;
  readonly asset: AssetLinks;
  readonly addressOf: ShownAddress;
  readonly showPanel: ShowPanel;
  readonly maxPhotoBytes: number;
  readonly wallTime: () => number;
  /** Who asks, in which room. @throws GramzoomError `not-found` */
  readonly actorOf: (c: Context) => Origin;
};

const idOf = (c: Context): ContestId => (c.req.param('id') ?? '') as ContestId;

/** @throws GramzoomError `not-found` */
const stepIn = (fields: ReadonlyMap<string, string>): ContestStep => {
  const step = decodeStep(fields.get('step') ?? '');
  if (!step) throw new GramzoomError('not-found', {});
  return step;
};

/** Contests on pages of their own, and what their panels post, also within the room. */
export const createContestPages = (parts: ContestPagesParts): Hono => {
  const { renders, rooms, submissions, uploads, blobs, asset, addressOf, showPanel, maxPhotoBytes, actorOf } =
    parts;
  const pages = new Hono();
  const contests = () => renders().contests;

  const lookOf = (c: Context, room: string): ContestLook =>
    contestLook({ room, words: visitorWords(c), addressOf, now: parts.wallTime() });

  // What is wrong is said in the panel that it was done in, else above the page; nothing of either goes away.
  pages.use('/rooms/:room/contest/*', async (c, next) => {
    const panel = c.req.query('panel');
    c.header('HX-Retarget', panel === undefined ? '#problem' : `#${panelId(panel)}-problem`);
    c.header('HX-Reswap', 'innerHTML');
    c.header('Cache-Control', 'no-store');
    await next();
    if (c.res.ok) {
      c.res.headers.delete('HX-Retarget');
      c.res.headers.delete('HX-Reswap');
    }
  });

  const panelReply = async (c: Context, room: string, view: ContestView): Promise<Response> => {
    const shown = showPanel(view, { room, words: visitorWords(c), id: c.req.query('panel') });
    return await c.html(
      isFragmentRequest(c) ? panelMarkup(shown) : panelPage(shown, { look: lookOf(c, room), asset }),
    );
  };

  /** The page of the contest, anew. */
  const pageReply = (c: Context, room: string): Response => {
    const address = addresses.contest(room);
    if (!isFragmentRequest(c)) return c.redirect(address, 303);
    return c.body('', 200, { 'HX-Redirect': address, 'Content-Type': 'text/html; charset=utf-8' });
  };

  const showPage = async (c: Context, asked: ContestId | undefined): Promise<Response> => {
    const actor = actorOf(c);
    const by = contestActor(actor);
    const look = lookOf(c, actor.server);
    const newest = await newestContest(contests(), by);
    const id = asked ?? newest;
    // Before anything is read: what changes meanwhile is in the stream.
    const messages = await rooms.latest(actor.server, { limit: 1 });
    const contest =
      id === undefined
        ? null
        : await shownContest(contests(), { contest: id, by, words: look.words, isNewest: id === newest });
    const isRunning = (await runningContest(renders(), actor)) !== null;
    const offer = await renders().networks();
    c.header('Cache-Control', 'no-store');
    return await c.html(
      contestPageMarkup(
        {
          contest,
          hall: viewOf(await contests().hall(by), 'hall').contests,
          start: isRunning ? null : { fields: withNetworks(roomContestFields, offer) },
          version: Math.max(0, ...messages.map(({ version }) => version)),
          person: actor.user,
        },
        { look, asset },
      ),
    );
  };

  pages.get('/rooms/:room/contest', (c) => showPage(c, undefined));

  pages.get('/rooms/:room/contest/badge', async (c) => {
    const actor = actorOf(c);
    const facts = await runningContest(renders(), actor);
    return await c.html(badgeOf(facts, { ...parts, room: actor.server }));
  });

  pages.get('/rooms/:room/contest/:id', (c) => showPage(c, idOf(c)));

  pages.get('/rooms/:room/contest/:id/file', async (c) => {
    const content = await contests().results(idOf(c), contestActor(actorOf(c)));
    const { name, file } = await contestFile(content, {
      ...{ blobs, locale: visitorLanguage(c), maxBytes: maxFileBytes },
    });
    return c.body(new Uint8Array(file), 200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    });
  });

  pages.post('/rooms/:room/contest/step', limitBody(maxTextBytes), async (c) => {
    const actor = actorOf(c);
    const fields = await readTexts(c.req.raw);
    const text = fields.get('text');
    const by = { ...contestActor(actor), ...(text !== undefined && { text }) };
    return await panelReply(c, actor.server, await contests().take(stepIn(fields), by));
  });

  pages.post('/rooms/:room/contest/rank', limitBody(maxTextBytes), async (c) => {
    const actor = actorOf(c);
    const step = stepIn(await readTexts(c.req.raw));
    if (step.kind !== 'rank') throw new GramzoomError('not-found', {});
    const ballot = viewOf(await contests().take(step, contestActor(actor)), 'ballot');
    if (!isFragmentRequest(c)) {
      return c.redirect(`${addresses.contest(actor.server, step.contest)}#ballot`, 303);
    }
    const look = lookOf(c, actor.server);
    return await c.html(
      html`${ballotSummary(ballot, { look, isUpdate: true })}${ballot.all.map((entry) =>
        rankButtons(step.contest, entry, { look, isUpdate: true }),
      )}`,
    );
  });

  pages.post('/rooms/:room/contest/photo', async (c) => {
    const actor = actorOf(c);
    const { raw } = c.req;
    const type = formType(raw, { photoExpected: true });
    if ((declaredBytes(raw) ?? 0) > maxTextBytes) await renders().admit(actor);
    const { entered } = await uploads.receive(raw, {
      maxBytes: maxPhotoBytes + maxTextBytes,
      parse: (body) => parseForm(body, { type, maxPhotoBytes }),
      use: ({ fields, photo }) => {
        const options = readOptions(fields, { except: [] });
        return submissions.render(actor, {
          photo,
          options: { kind: defaultKind, ...options, contest: 'on' },
        });
      },
    });
    if (!entered) throw new GramzoomError('internal', { reason: 'a film that was not entered' });
    return await panelReply(c, actor.server, entered);
  });

  pages.post('/rooms/:room/contest/start', limitBody(maxTextBytes), async (c) => {
    const actor = actorOf(c);
    const options = readContestForm(await readTexts(c.req.raw));
    await commands['contest start'].run(options, commandContext(actor));
    return pageReply(c, actor.server);
  });

  const commandContext = (actor: Origin) => ({
    ...{ renders: renders(), actor, attachment: null, replyTarget: replyIn(actor.server) },
    ...contestContext(actor, ''),
  });

  pages.post('/rooms/:room/contest/manage', limitBody(maxTextBytes), async (c) => {
    const actor = actorOf(c);
    const fields = await readTexts(c.req.raw);
    const context = commandContext(actor);
    switch (fields.get('verb')) {
      case 'extend':
        await commands['contest extend'].run({ until: fields.get('until') ?? '' }, context);
        break;
      case 'close':
        await commands['contest close'].run({}, context);
        break;
      case 'cancel':
        await commands['contest cancel'].run({}, context);
        break;
      default:
        throw new GramzoomError('not-found', {});
    }
    return pageReply(c, actor.server);
  });

  pages.post('/rooms/:room/contest/export', limitBody(maxTextBytes), async (c) => {
    const actor = actorOf(c);
    const { contest } = viewOf(await contests().export(contestActor(actor)), 'export');
    return c.redirect(addresses.contestFile(actor.server, contest), 303);
  });

  return pages;
};

/** The contest that runs in a room, as people are told of it; null where none does. */
export const runningContest = async (renders: Renders, actor: Origin): Promise<ContestFacts | null> => {
  const by = contestActor(actor);
  const newest = await newestContest(renders.contests, by);
  const status = newest === undefined ? null : viewOf(await renders.contests.view(newest, by), 'status');
  return status && isOpen(status.facts.phase) ? status.facts : null;
};

/** What is said of it above the messages of the room, which are in English. */
export const badgeOf = (
  facts: ContestFacts | null,
  {
    room,
    addressOf,
    wallTime,
  }: Pick<ContestPagesParts, 'addressOf' | 'wallTime'> & { readonly room: string },
) => contestBadge(facts, contestLook({ room, words: en, addressOf, now: wallTime() }));
