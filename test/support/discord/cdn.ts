import type { ServerResponse } from 'node:http';
import { createGate, type Held } from '../gate.ts';
import type { Core } from './state/core.ts';
import type { StoredFile } from './state/model.ts';
import { isSigned } from './state/stored-files.ts';

type CdnEffect =
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'status'; readonly status: number }
  /** More bytes than the message said, and no length. */
  | { readonly kind: 'grow'; readonly bytes: number }
  /** The connection breaks after so many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'hold'; readonly gate: () => Promise<void> };

const gone = 'This content is no longer available.';

const fileAt = (core: Core, url: URL): StoredFile | null => {
  const path = decodeURIComponent(url.pathname.replace(/^\/media-proxy/, ''));
  const file = core.files.get(path.split('/').at(-2) ?? '');
  return file && !file.gone && path.endsWith(`/${file.filename}`) && isSigned(core, path, url.searchParams)
    ? file
    : null;
};

/** The CDN: files by signed addresses, on a host of its own. */
export const createCdn = (core: Core) => {
  const effects: CdnEffect[] = [];
  const requests: { readonly at: number; readonly path: string; readonly status: number }[] = [];

  const send = async (
    file: StoredFile,
    effect: CdnEffect | undefined,
    out: ServerResponse,
  ): Promise<void> => {
    if (effect?.kind === 'hold') await effect.gate();
    out.setHeader('content-type', file.contentType);
    if (effect?.kind === 'grow') {
      out.write(file.bytes);
      return void out.end(Buffer.alloc(effect.bytes));
    }
    out.setHeader('content-length', file.bytes.byteLength);
    if (effect?.kind !== 'cut') return void out.end(file.bytes);
    // Node sends the head with the first bytes; the length in it is then a promise that is broken.
    out.write(file.bytes.subarray(0, effect.afterBytes), () => void out.socket?.destroy());
  };

  return {
    requests,
    /** Faults, each for the next request. */
    faults: {
      /** To another place, on this host or off it. */
      redirect: (to: string) => void effects.push({ kind: 'redirect', to }),
      fail: (status: number) => void effects.push({ kind: 'status', status }),
      grow: (bytes: number) => void effects.push({ kind: 'grow', bytes }),
      cut: (afterBytes: number) => void effects.push({ kind: 'cut', afterBytes }),
      hold: (): Held => {
        const { held, pass } = createGate();
        effects.push({ kind: 'hold', gate: pass });
        return held;
      },
    },
    handle: async (path: string, out: ServerResponse): Promise<void> => {
      const url = new URL(path, 'http://localhost');
      const effect = effects.shift();
      const file = fileAt(core, url);
      const status =
        effect?.kind === 'redirect' ? 302 : effect?.kind === 'status' ? effect.status : file ? 200 : 404;
      requests.push({ at: core.clock.now(), path: url.pathname, status });
      core.changed();
      out.statusCode = status;
      if (effect?.kind === 'redirect') return void out.setHeader('location', effect.to).end();
      if (!file || status !== 200) return void out.setHeader('content-type', 'text/plain').end(gone);
      await send(file, effect, out);
    },
  };
};

export type Cdn = ReturnType<typeof createCdn>;
