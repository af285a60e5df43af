import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { samplePhoto } from './command-line.ts';

/** What `GET /api/renders/:id` answers: docs/interface.md. */
export type RenderState = {
  readonly id: string;
  readonly state: 'fetching' | 'queued' | 'running' | 'delivering' | 'done' | 'failed' | 'cancelled';
  readonly position: number | null;
  readonly etaSeconds: number | null;
  readonly framesDone: number;
  readonly frames: number;
  readonly seed: number;
  readonly parent: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
};

export type Asker = { readonly user: string; readonly server: string };

/** The smallest film there is. */
export const smallFilm = { size: 64, frames: 8, steps: 2 } as const;

/** A few small films take seconds; on any machine this is long enough to call one lost. */
const usualPatienceMs = 90_000;

const photo = readFile(samplePhoto);

/** The JSON interface, as a program uses it. */
export const createClient = (
  url: string,
  { patienceMs = usualPatienceMs }: { readonly patienceMs?: number } = {},
) => {
  const get = (path: string): Promise<Response> => fetch(`${url}${path}`);
  const view = async (id: string): Promise<RenderState> => {
    const response = await get(`/api/renders/${id}`);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as RenderState;
  };
  return {
    get,
    view,
    /** Posts a render; the answer as it is. */
    post: async (
      { user, server }: Asker,
      options: Readonly<Record<string, string | number>>,
      bytes?: Uint8Array<ArrayBuffer>,
    ): Promise<Response> => {
      const form = new FormData();
      const texts = { user, server, ...options };
      for (const [name, value] of Object.entries(texts)) form.set(name, String(value));
      form.set('photo', new Blob([bytes ?? new Uint8Array(await photo)]), 'sample.png');
      return await fetch(`${url}/api/renders`, { method: 'POST', body: form });
    },
    cancel: ({ user, server }: Asker, id: string): Promise<Response> =>
      fetch(`${url}/api/renders/${id}`, { method: 'DELETE', headers: { user, server } }),
    result: async (id: string): Promise<Buffer> => {
      const response = await get(`/api/renders/${id}/result`);
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
      return Buffer.from(await response.arrayBuffer());
    },
    /** Looks again and again until a render is as wanted; throws where that never comes. */
    until: async (id: string, wanted: (state: RenderState) => boolean): Promise<RenderState> => {
      const begun = performance.now();
      for (;;) {
        const state = await view(id);
        if (wanted(state)) return state;
        if (performance.now() - begun > patienceMs) throw new Error(`for too long: ${JSON.stringify(state)}`);
        await pause(50);
      }
    },
    /** Looks again and again until no render waits or runs; throws where that never comes. */
    untilIdle: async (): Promise<void> => {
      const begun = performance.now();
      for (;;) {
        const figures = await (await get('/metrics')).text();
        const lines = [...figures.matchAll(/^gramzoom_jobs\{.*\} (\d+)$/gm)];
        if (lines.length > 0 && lines.every(([, count]) => count === '0')) return;
        if (performance.now() - begun > patienceMs) {
          throw new Error(`for too long: ${lines.map(([line]) => line).join(', ')}`);
        }
        await pause(50);
      }
    },
  };
};

export type BotClient = ReturnType<typeof createClient>;

export const isOver = ({ state }: RenderState): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';
