import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import type { Renders } from '../../app/renders.ts';
import { webPage } from '../../messages/page-words.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import type { PreviewPhoto } from '../../ports/photo-preview.ts';
import type { RoomLog } from '../../ports/room-log.ts';
import { createAssets } from './assets.ts';
import { createChatPage } from './chat-page.ts';
import { createErrorReply } from './error-reply.ts';
import { createGuard, type WebAddress } from './guard.ts';
import { problemPage } from './html/page.ts';
import { createJsonInterface } from './json-interface.ts';
import { createLiveRooms } from './live-rooms.ts';
import { createMedia } from './media.ts';
import { createOwners } from './owners.ts';
import { createPreviews } from './previews.ts';
import { maxTextBytes } from './read-form.ts';
import { createRoomEvents } from './room-events.ts';
import { createSubmissions } from './submissions.ts';
import { createTakeLine } from './typed-line.ts';
import { createUploads } from './uploads.ts';
import { createWebMessages } from './web-messages.ts';

export type WebChatDeps = WebAddress & {
  /** InteractionContext for with every request: the use cases need this chat, and it them. */
  readonly renders: () => Renders;
  readonly roomLog: RoomLog;
  readonly blobs: Blobs;
  /** Never done in this process, which holds tokens. */
  readonly previewPhoto: PreviewPhoto;
  readonly clock: Clock;
  readonly maxPhotoBytes: number;
  readonly log: AppLog;
};

export type WebChat = {
  /** The page as the bot sees it. */
  readonly chat: Chat;
  /** Page and JSON interface; whoever calls it does the listening. */
  fetch(request: Request): Promise<Response>;
  /** Ends the streams to the pages that are open. */
  close(): Promise<void>;
};

/** How many of the largest bodies there is room for at a time, or of more smaller ones. */
const heldBodies = 4;

const security = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    // blob: is the preview of a photo that is not sent yet.
    imgSrc: ["'self'", 'blob:'],
    mediaSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  crossOriginResourcePolicy: 'same-origin',
  crossOriginOpenerPolicy: 'same-origin',
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  // It says how a name is reached for ever, which is for whoever terminates TLS to decide.
  strictTransportSecurity: false,
});

/** The local chat page and the JSON interface under it. */
export const createWebChat = (deps: WebChatDeps): WebChat => {
  const { renders, blobs, clock, maxPhotoBytes, log } = deps;
  const rooms = createLiveRooms(deps.roomLog);
  const guard = createGuard(deps);
  const assets = createAssets();
  const previews = createPreviews({ rooms, blobs, previewPhoto: deps.previewPhoto });
  const submissions = createSubmissions({ renders, rooms, previews });
  const uploads = createUploads({ clock, maxHeldBytes: heldBodies * (maxPhotoBytes + maxTextBytes) });
  const takeLine = createTakeLine({ submissions });
  const owners = createOwners(renders);
  const events = createRoomEvents({
    rooms,
    owners,
    clock,
    onError: (error) => log.error('web: a stream of messages failed', { error }),
  });
  const secure = deps.publicUrl ? new URL(deps.publicUrl).protocol === 'https:' : false;

  const app = new Hono();
  app.use(security);
  // Text only, and no stream of events; films and pictures are compressed already.
  app.use(compress());
  app.use(async (c, next) => {
    guard(c.req.raw);
    await next();
  });
  app.route('/assets', assets.routes);
  app.route('/media', createMedia({ rooms, blobs, previews }));
  app.route('/api', createJsonInterface({ renders, submissions, uploads, blobs, maxPhotoBytes }));
  app.route(
    '/',
    createChatPage({
      renders,
      rooms,
      events,
      owners,
      submissions,
      takeLine,
      uploads,
      asset: assets.link,
      maxPhotoBytes,
      secure,
    }),
  );
  app.onError(createErrorReply({ renders, asset: assets.link, log }));
  app.notFound((c) =>
    c.req.path.startsWith('/api/')
      ? c.json({ code: 'not-found', message: webPage.problem.notFound }, 404)
      : c.html(problemPage(webPage.problem.notFound, assets.link), 404),
  );

  return {
    chat: createWebMessages(rooms, blobs),
    fetch: async (request) => app.fetch(request),
    close: async () => {
      previews.close();
      await events.close();
    },
  };
};
