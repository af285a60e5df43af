import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import type { Renders } from '../../app/renders.ts';
import { webPage } from '../../messages/page-words.ts';
import type { ChatPlatform, PlatformDeps } from '../platform.ts';
import { createAssets } from './assets.ts';
import { createChatPage } from './chat-page.ts';
import { createErrorReply } from './error-reply.ts';
import { createGuard, type WebAddress } from './guard.ts';
import { problemPage } from './html/page.ts';
import { createJsonInterface } from './json-interface.ts';
import { createLiveRooms, type LiveRooms } from './live-rooms.ts';
import { createMedia } from './media.ts';
import { createOwners } from './owners.ts';
import { createShowPanel } from './panels.ts';
import { createPreviews } from './previews.ts';
import { maxTextBytes } from './read-form.ts';
import { createRoomEvents } from './room-events.ts';
import { createShownFiles } from './shown-files.ts';
import { createSubmissions } from './submissions.ts';
import { createTakeLine } from './typed-line.ts';
import { createUploads } from './uploads.ts';
import { createWebMessages } from './web-messages.ts';

export type WebChatDeps = WebAddress &
  Pick<PlatformDeps, 'roomLog' | 'blobs' | 'previewPhoto' | 'clock' | 'maxPhotoBytes' | 'log'> & {
    /** Whether there is a page and the JSON interface, or only what is still owed to people in its rooms. */
    readonly isShown: boolean;
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

/** Page and JSON interface over the use cases; `close` ends the streams to the pages that are open. */
const createPages = (deps: WebChatDeps, rooms: LiveRooms, renders: () => Renders) => {
  const { blobs, clock, maxPhotoBytes, log } = deps;
  const guard = createGuard(deps);
  const assets = createAssets();
  const previews = createPreviews({ rooms, blobs, previewPhoto: deps.previewPhoto });
  const submissions = createSubmissions({ renders, rooms, previews });
  const uploads = createUploads({ clock, maxHeldBytes: heldBodies * (maxPhotoBytes + maxTextBytes) });
  const shownFiles = createShownFiles({ blobs });
  const showPanel = createShowPanel(shownFiles.address);
  const takeLine = createTakeLine({ submissions, showPanel });
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
  app.route('/shown', shownFiles.routes);
  app.route('/media', createMedia({ rooms, blobs, previews }));
  app.route(
    '/api',
    createJsonInterface({
      renders,
      submissions,
      uploads,
      blobs,
      addressOf: shownFiles.address,
      maxPhotoBytes,
    }),
  );
  app.route(
    '/',
    createChatPage({
      renders,
      rooms,
      events,
      owners,
      submissions,
      takeLine,
      showPanel,
      addressOf: shownFiles.address,
      blobs,
      wallTime: () => clock.wallTime(),
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
    fetch: async (request: Request): Promise<Response> => app.fetch(request),
    close: async (): Promise<void> => {
      previews.close();
      await events.close();
    },
  };
};

/** The local chat page and the JSON interface under it. It answers every path. */
export const createWebChat = (deps: WebChatDeps): ChatPlatform => {
  const rooms = createLiveRooms(deps.roomLog);
  let pages: ReturnType<typeof createPages> | null = null;
  return {
    name: null,
    chat: createWebMessages(rooms, deps.blobs),
    listen: async (renders) => {
      pages = createPages(deps, rooms, () => renders);
    },
    ...(deps.isShown && { handle: async (request: Request) => (await pages?.fetch(request)) ?? null }),
    health: () => null,
    close: async () => pages?.close(),
  };
};
