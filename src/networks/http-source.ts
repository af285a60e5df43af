import { type Dispatcher, EnvHttpProxyAgent, interceptors, request } from 'undici';

/** Proxies as addresses; empty: none. */
export type Proxies = {
  readonly http: string;
  readonly https: string;
  /** Hosts that are reached without one, as NO_PROXY has them. */
  readonly except: string;
};

export type HttpSource = {
  /**
   * Asks for a file.
   * @param headers in small letters
   * @throws what undici throws, at once or while the body is read
   */
  get(
    url: string,
    options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<Dispatcher.ResponseData>;
  /** Cuts every connection. */
  close(): Promise<void>;
};

const maxRedirections = 5;

/** Where no port is said people leave the scheme out too: `proxy.example.org:3128`. */
const proxyAddress = (text: string): string =>
  text === '' || /^[a-z0-9+]+:\/\//i.test(text) ? text : `http://${text}`;

const basic = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;

/** The address as people may see it. */
export const withoutPassword = (address: string): string => {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
};

/**
 * Files over HTTP(S), through proxies where they are set; follows redirections.
 * @throws what undici throws where a proxy's address is none
 */
export const openHttpSource = ({ proxies }: { readonly proxies: Proxies }): HttpSource => {
  // Deadlines are the caller's business. An empty text keeps undici from looking at the environment itself.
  const agent = new EnvHttpProxyAgent({
    httpProxy: proxyAddress(proxies.http),
    httpsProxy: proxyAddress(proxies.https),
    noProxy: proxies.except,
    // Plain HTTP goes through the proxy as such: many let tunnels only through to port 443.
    proxyTunnel: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections }));
  return {
    get: (address, { headers, signal }) => {
      const url = new URL(address);
      const authorization = url.username === '' ? {} : { authorization: basic(url) };
      return request(withoutPassword(address), {
        dispatcher,
        signal,
        headers: { ...authorization, 'user-agent': 'gramzoom', 'accept-encoding': 'identity', ...headers },
      });
    },
    close: () => agent.destroy(),
  };
};

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be looked up',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was cut',
  ENETUNREACH: 'there is no way to it',
  EHOSTUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

/** What went wrong on the way, in a few words. */
export const connectionProblem = (thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return reasons[code] ?? (message || code || 'no reason given');
};
