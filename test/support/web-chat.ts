import { onTestFinished } from 'vitest';
import type { Renders } from '../../src/app/renders.ts';
import type { ChatPlatform } from '../../src/chat/platform.ts';
import { createWebChat, type WebChatDeps } from '../../src/chat/web/web-chat.ts';
import type { AppLog, LogFields } from '../../src/ports/log.ts';
import { type OpenedStore, openStore } from '../../src/store/open-store.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeRenders, type FakeRenders } from './fake-renders.ts';
import { createTempFolder } from './temp-folder.ts';

export type LogLine = { readonly level: string; readonly message: string; readonly fields: LogFields };

/** A log that keeps its lines. */
export const createFakeLog = (): AppLog & { readonly lines: readonly LogLine[] } => {
  const lines: LogLine[] = [];
  const at = (level: string) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields: fields ?? {} });
  };
  const log = { info: at('info'), warn: at('warn'), error: at('error'), forJob: () => log, lines };
  return log;
};

export type WebHarness = {
  readonly web: ChatPlatform & { fetch(request: Request): Promise<Response> };
  readonly renders: FakeRenders;
  readonly store: OpenedStore;
  /** Where the store is. */
  readonly folder: string;
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof createFakeLog>;
  /** A request to the page's own address. */
  ask(path: string, init?: RequestInit): Promise<Response>;
};

/** What stands for the preview of a photo here. */
export const previewOf = (photo: Uint8Array): Uint8Array =>
  Uint8Array.from([...new TextEncoder().encode('preview of '), ...photo]);

/** The page over a real store in a folder of its own, and renders that are moved by hand. */
export const openWebChat = async ({
  useCases,
  ...changes
}: Partial<WebChatDeps> & { readonly useCases?: Renders } = {}): Promise<WebHarness> => {
  const clock = createFakeClock();
  const folder = await createTempFolder();
  const store = await openStore(folder, { clock });
  const log = createFakeLog();
  const renders: FakeRenders = createFakeRenders(() => platform.chat, store.blobs);
  const platform = createWebChat({
    isShown: true,
    roomLog: store.roomLog,
    blobs: store.blobs,
    previewPhoto: async (photo) => ({ file: previewOf(photo), width: 704, height: 352 }),
    clock,
    host: '127.0.0.1',
    port: 8484,
    publicUrl: null,
    maxPhotoBytes: 1_000_000,
    log,
    ...changes,
  });
  await platform.listen(useCases ?? renders);
  const fetch = async (request: Request): Promise<Response> => {
    const response = await platform.handle?.(request);
    if (!response) throw new Error('the page is not shown');
    return response;
  };
  const web = { ...platform, fetch };
  onTestFinished(async () => {
    await web.close();
    await store.close();
  });
  const ask = (path: string, init: RequestInit = {}) =>
    web.fetch(new Request(new URL(path, 'http://127.0.0.1:8484'), { redirect: 'manual', ...init }));
  return { web, renders, store, folder, clock, log, ask };
};

/** Bytes that begin as a PNG does; nobody decodes them here. */
export const photoBytes = (...more: readonly number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...more]);

/** A form with a photo, unless it is left out, and texts. */
export const formWith = (
  texts: Readonly<Record<string, string>>,
  { photo = photoBytes(), name = 'cat.png' }: { photo?: Uint8Array<ArrayBuffer> | null; name?: string } = {},
): FormData => {
  const form = new FormData();
  for (const [field, text] of Object.entries(texts)) form.set(field, text);
  if (photo) form.set('photo', new File([photo], name));
  return form;
};

/** The cookie of a person who is called so. */
export const asAnn = { cookie: 'gramzoom-name=Ann%20O%27Hara' };

/** What is in the box, and the options of the form. */
export type Line = { readonly text?: string; readonly photo?: boolean; readonly room?: string } & Record<
  string,
  unknown
>;

/** Sends the box as the page does. */
export const send = (harness: WebHarness, { text = '', photo = false, room = 'cats', ...options }: Line) =>
  harness.ask(`/rooms/${room}/messages`, {
    method: 'POST',
    headers: { ...asAnn, 'hx-request': 'true' },
    body: formWith({ text, ...(options as Record<string, string>) }, { photo: photo ? photoBytes() : null }),
  });

export const pageOf = async (
  harness: WebHarness,
  room = 'cats',
  headers: Record<string, string> = asAnn,
): Promise<string> => (await harness.ask(`/rooms/${room}`, { headers })).text();

export const saidIn = async (harness: WebHarness, room = 'cats') =>
  (await harness.store.roomLog.latest(room, { limit: 99 })).map(({ said }) => said);
