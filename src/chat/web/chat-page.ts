import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type CommandHelp, withNetworks } from '../../../commands/command.ts';
import { commands } from '../../../commands/index.ts';
import type { Renders } from '../../app/renders.ts';
import { entryFields } from '../../domain/contest/rules.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/job.ts';
import { kinds } from '../../domain/kinds.ts';
import { messageActions } from '../../domain/message.ts';
import { en } from '../../messages/en.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { RoomMessage } from '../../ports/room-log.ts';
import { addresses } from './addresses.ts';
import { completionOf } from './completion.ts';
import { badgeOf, createContestPages, runningContest } from './contest-pages.ts';
import { isFragmentRequest } from './error-reply.ts';
import { composer } from './html/composer.ts';
import { type AssetLinks, chatPage, privateEntry, privatePage } from './html/page.ts';
import { cookiePerson, newPersonName, pageRooms, rememberPerson } from './identity.ts';
import type { LiveRooms } from './live-rooms.ts';
import { personName, requireName, roomName } from './names.ts';
import { nobodys, type Owners, type Ownership } from './owners.ts';
import type { ShowPanel } from './panels.ts';
import { formType, limitBody, maxTextBytes, parseForm, readOptions, readTexts } from './read-form.ts';
import { historyLimit, type RoomEvents } from './room-events.ts';
import type { ShownAddress } from './shown-files.ts';
import type { Submissions } from './submissions.ts';
import { type PrivateAnswer, panelAnswer, type TakeLine } from './typed-line.ts';
import { declaredBytes, type Uploads } from './uploads.ts';
import { visitorWords } from './visitor-words.ts';

const versionSchema = z.coerce.number().int().min(0).catch(0);

export type ChatPageParts = {
  readonly renders: () => Renders;
  readonly rooms: LiveRooms;
  readonly events: RoomEvents;
  readonly owners: Owners;
  readonly submissions: Submissions;
  readonly takeLine: TakeLine;
  readonly showPanel: ShowPanel;
  readonly addressOf: ShownAddress;
  readonly blobs: Blobs;
  readonly wallTime: () => number;
  readonly uploads: Uploads;
  readonly asset: AssetLinks;
  readonly maxPhotoBytes: number;
  /** Cookies go over encrypted connections only. */
  readonly secure: boolean;
};

/** The page for people. What it posts is answered with fragments, or without scripts by showing the room again. */
export const createChatPage = (parts: ChatPageParts): Hono => {
  const { renders, rooms, events, owners, submissions, takeLine, uploads, asset, maxPhotoBytes, secure } =
    parts;
  const { showPanel } = parts;
  const page = new Hono();

  const personOf = (c: Context): string => {
    const known = cookiePerson(c);
    const name = known ?? newPersonName();
    if (known === undefined) rememberPerson(c, name, { secure });
    return name;
  };

  const roomOf = (c: Context): string => {
    const room = roomName(c.req.param('room'));
    // Another spelling of a name would be the same room at two addresses.
    if (room === undefined || room !== c.req.param('room')) throw new GramzoomError('not-found', {});
    return room;
  };

  const actorOf = (c: Context): Origin => ({ platform: 'web', server: roomOf(c), user: personOf(c) });

  /** Everything that happened comes by the stream; the fragment clears the last problem. */
  const doneReply = (c: Context, room: string): Response => {
    if (!isFragmentRequest(c)) return c.redirect(addresses.room(room), 303);
    return c.body('', 200, { 'Content-Type': 'text/html; charset=utf-8' });
  };

  const privateReply = async (c: Context, room: string, answer: PrivateAnswer): Promise<Response> => {
    c.header('Cache-Control', 'no-store');
    return await c.html(
      isFragmentRequest(c) ? privateEntry(room, answer) : privatePage(room, { answer, asset }),
    );
  };

  page.get('/', (c) => c.redirect(addresses.room(pageRooms[0]), 302));

  page.get('/rooms/:room', async (c) => {
    const room = roomOf(c);
    const name = personOf(c);
    const messages = await rooms.latest(room, { limit: historyLimit });
    const own = new Map<RoomMessage, Ownership>();
    for (const message of messages) own.set(message, await owners.of(name, message));
    const offer = await renders().networks();
    const contest = await runningContest(renders(), { platform: 'web', server: room, user: name });
    const contestOption = contest?.phase === 'entering' ? entryFields : [];
    const helps = Object.values(commands).map((command: CommandHelp) => ({
      ...command,
      fields: withNetworks(command.fields, offer),
    }));
    c.header('Cache-Control', 'no-store');
    return c.html(
      chatPage({
        room,
        rooms: pageRooms.some((other) => other === room) ? pageRooms : [...pageRooms, room],
        name,
        messages,
        ownOf: (message) => own.get(message) ?? nobodys,
        asset,
        contestBadge: badgeOf(contest, { ...parts, room }),
        composer: composer({
          room,
          fields: (kind) => withNetworks([...kinds[kind].fields, ...contestOption], offer),
          networks: offer.all,
          completion: completionOf(helps),
          maxPhotoBytes,
          maxWork: renders().maxWork,
        }),
      }),
    );
  });

  page.get('/rooms/:room/events', (c) => {
    const after = versionSchema.parse(c.req.header('last-event-id') ?? c.req.query('after') ?? 0);
    return events.open(roomOf(c), { after, person: cookiePerson(c) ?? null, signal: c.req.raw.signal });
  });

  page.post('/rooms/:room/messages', async (c) => {
    const actor = actorOf(c);
    const { raw } = c.req;
    const type = formType(raw, { photoExpected: true });
    // Only with a photo is it that long: nothing is received of what would be refused.
    if ((declaredBytes(raw) ?? 0) > maxTextBytes) await renders().admit(actor);
    const answer = await uploads.receive(raw, {
      maxBytes: maxPhotoBytes + maxTextBytes,
      parse: (body) => parseForm(body, { type, maxPhotoBytes }),
      use: ({ fields, photo }) => {
        const options = readOptions(fields, { except: ['text', 'browser-zone'] });
        const reader = { words: visitorWords(c), zone: fields.get('browser-zone') ?? '' };
        return takeLine(actor, { text: fields.get('text') ?? '', photo, options }, reader);
      },
    });
    return answer === null ? doneReply(c, actor.server) : privateReply(c, actor.server, answer);
  });

  // `renders` and the plurals of other kinds of subjects.
  page.post('/rooms/:room/:subjects{[a-z]+s}/:id/:action', limitBody(maxTextBytes), async (c) => {
    const actor = actorOf(c);
    const { subjects, id } = c.req.param();
    const action = messageActions.find((each) => each === c.req.param('action'));
    if (!action) return c.notFound();
    const pressed = await submissions.press(actor, { subject: { kind: subjects.slice(0, -1), id }, action });
    if (pressed.kind === 'contest') {
      const shown = showPanel(pressed.view, { room: actor.server, words: visitorWords(c) });
      return privateReply(c, actor.server, panelAnswer(shown, null));
    }
    if (pressed.kind !== 'erase-photo') return doneReply(c, actor.server);
    const text = en.erasure.photoDone(pressed.count);
    return privateReply(c, actor.server, { asked: null, text, next: null });
  });

  page.post(addresses.name, limitBody(maxTextBytes), async (c) => {
    const fields = await readTexts(c.req.raw);
    rememberPerson(c, requireName(personName, fields.get('name') ?? '', 'name'), { secure });
    const target = addresses.room(roomName(fields.get('room')) ?? pageRooms[0]);
    if (!isFragmentRequest(c)) return c.redirect(target, 303);
    return c.body('', 200, { 'HX-Redirect': target, 'Content-Type': 'text/html; charset=utf-8' });
  });

  page.route('/', createContestPages({ ...parts, actorOf }));

  return page;
};
