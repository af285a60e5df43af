import { isIP } from 'node:net';
import { GramzoomError } from '../../domain/errors.ts';

/** Where the page is served. */
export type WebAddress = {
  /** What is listened on, such as `127.0.0.1` or `0.0.0.0`. */
  readonly host: string;
  /** 0: whichever was free. */
  readonly port: number;
  /** How people reach it where that is something else, such as behind a proxy. */
  readonly publicUrl?: string | URL | null | undefined;
};

const loopback = ['localhost', '127.0.0.1', '[::1]'];
const anyAddress = ['0.0.0.0', '::', ''];

const readHost = (header: string): URL | undefined => {
  const url = URL.parse(`http://${header}`);
  return url && url.pathname === '/' && !/[@/?#\\]/.test(header) ? url : undefined;
};

const isAddress = (hostname: string): boolean => isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;

/**
 * Refuses requests that came under another name (a page elsewhere whose name was pointed at this machine) or
 * from another site's page. Programs send no Origin, which is fine.
 * @throws GramzoomError `foreign-host`, `foreign-origin`
 */
export const createGuard = ({ host, port, publicUrl }: WebAddress): ((request: Request) => void) => {
  const ours = publicUrl ? new URL(publicUrl) : null;
  const names = new Set([...loopback, isIP(host) === 6 ? `[${host}]` : host.toLowerCase()]);

  const isOurHost = (url: URL): boolean => {
    if (url.host === ours?.host) return true;
    if (port !== 0 && Number(url.port || 80) !== port) return false;
    // An address cannot be pointed elsewhere by whoever runs a name server.
    return names.has(url.hostname) || (anyAddress.includes(host) && isAddress(url.hostname));
  };

  return (request) => {
    const hostHeader = request.headers.get('host') ?? new URL(request.url).host;
    const asked = readHost(hostHeader);
    if (!asked || !isOurHost(asked)) throw new GramzoomError('foreign-host', { received: hostHeader });
    const origin = request.headers.get('origin');
    if (origin === null) return;
    const from = URL.parse(origin);
    const isWeb = from?.protocol === 'http:' || from?.protocol === 'https:';
    if (!isWeb || (from.origin !== ours?.origin && from.host !== asked.host)) {
      throw new GramzoomError('foreign-origin', { received: origin });
    }
  };
};
