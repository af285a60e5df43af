import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeClock } from '../fake-clock.ts';
import { createRunningClock } from '../running-clock.ts';
import { createWaitFor } from '../wait-for.ts';
import { createDeliveries } from './deliveries.ts';
import { createFaults } from './faults.ts';
import { createLimits } from './limits.ts';
import { type FileOptions, fileMethods, type Grant } from './methods-files.ts';
import { messageMethods } from './methods-messages.ts';
import { placeMethods } from './methods-places.ts';
import { createPerson, type Person } from './person.ts';
import { type Place, placeView } from './place.ts';
import { createHandler, type RequestRecord } from './server.ts';
import { app, createState, type Installation, type Team } from './state.ts';

/** What the bot asks for, and what only some tests need. */
const allScopes = [
  ...['commands', 'chat:write', 'files:read', 'files:write', 'reactions:read', 'reactions:write'],
  ...['app_mentions:read', 'im:history', 'im:write', 'users:read', 'channels:history', 'groups:history'],
  ...['channels:read', 'groups:read', 'im:read'],
];

export type FakeSlackOptions = Partial<FileOptions> & {
  /** Time of deadlines, limits and triggers. By default the machine's, which a test may push forward. */
  readonly clock?: FakeClock;
  /** Off for a clock that stands still, and for tests that are about something else. */
  readonly rateLimits?: 'on' | 'off';
  /** What installations are allowed. */
  readonly scopes?: readonly string[];
  /** 0 takes any free one. */
  readonly port?: number;
};

/**
 * A Slack of its own on this machine: Web API, Socket Mode, signed requests and files over real sockets, for the real
 * clients. What Slack refuses as malformed, and what it forbids, is in `violations`.
 */
export const createFakeSlack = async (options: FakeSlackOptions = {}) => {
  const clock = options.clock ?? createRunningClock();
  const state = createState(clock);
  const settings = {
    pollsUntilReady: 1,
    pollsUntilShared: 1 as number | null,
    rateLimits: 'on',
    scopes: allScopes,
    ...options,
  };
  const deliveries = createDeliveries(state);
  const faults = createFaults();
  const requests: RequestRecord[] = [];
  const codes = new Map<string, Grant>();
  const limits = createLimits(clock, {
    isOn: () => settings.rateLimits === 'on',
    onIgnored: (key) => void state.violations.push(`a 429 was ignored: ${key}`),
  });

  const installIn = (team: Team, { isForOrganisation = false } = {}): Installation => {
    const tenant = isForOrganisation && team.enterprise !== null ? team.enterprise : team.id;
    const known = state.installations.find((one) => one.tenant === tenant && one.state === 'installed');
    if (known) return known;
    const botUser = state.nextId('U');
    state.users.set(botUser, {
      id: botUser,
      team: team.id,
      name: 'gramzoom',
      locale: 'en-US',
      isAdmin: false,
      isOwner: false,
      isBot: true,
    });
    const installation: Installation = {
      ...{ tenant, name: team.name, team: isForOrganisation ? null : team.id, enterprise: team.enterprise },
      ...{ botUser, bot: state.nextId('B'), token: `xoxb-${tenant}-${state.nextId('t')}` },
      ...{ scopes: settings.scopes, state: 'installed' },
    };
    state.installations.push(installation);
    return installation;
  };

  const end = (installation: Installation, kind: 'app_uninstalled' | 'tokens_revoked'): void => {
    const event =
      kind === 'app_uninstalled'
        ? { type: kind }
        : { type: kind, tokens: { oauth: [], bot: [installation.botUser] } };
    state.publish({ event, channel: null, installation, team: installation.team ?? installation.tenant });
    installation.state = kind === 'app_uninstalled' ? 'account_inactive' : 'token_revoked';
  };

  const respond = (url: string, said: Readonly<Record<string, unknown>>): string | null => {
    const found = state.responseUrls.get(url);
    if (!found || clock.now() >= found.expiresAt) return 'expired_url';
    if (found.usesLeft <= 0) return 'used_url';
    found.usesLeft -= 1;
    const channel = state.channels.get(found.channel ?? '');
    const text = String(said['text'] ?? '');
    const blocks = (said['blocks'] ?? []) as never;
    const thread = said['thread_ts'] === undefined ? null : String(said['thread_ts']);
    if (said['delete_original'] === true) return null;
    if (said['response_type'] === 'in_channel' && channel) {
      state.post(channel, {
        user: found.installation.botUser,
        bot: found.installation.bot,
        text,
        blocks,
        thread,
      });
    } else
      state.ephemerals.push({
        user: found.user,
        channel: found.channel ?? '',
        thread,
        text,
        blocks,
        via: 'response_url',
      });
    return null;
  };

  const nextCode = (): string => {
    const code = state.nextId('code');
    const team = [...state.teams.values()].at(-1);
    if (!team) throw new Error('nobody is there to install the app');
    codes.set(code, { install: () => installIn(team, { isForOrganisation: team.enterprise !== null }) });
    return code;
  };

  const handle = createHandler({
    ...{ state, limits, faults, requests, codes, nextCode, respond, openConnection: deliveries.socket.open },
    methods: { ...messageMethods, ...placeMethods, ...fileMethods(() => settings) },
  });
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      state.violations.push(`not understood: ${request.url} ${error}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 75_000;
  server.on('upgrade', deliveries.socket.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  state.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const situation = (): string =>
    [
      `requests so far: ${requests.length}, the last:`,
      ...requests
        .slice(-10)
        .map(({ method, status, error }) => `  ${method}: ${status || 'unanswered'} ${error ?? ''}`),
      `told so far: ${deliveries.all.length}, connections: ${deliveries.socket.connections.length}`,
      ...deliveries.all.slice(-5).map(({ kind, body, acknowledgedAt }) => {
        const { event } = body as { readonly event?: { readonly type: string } };
        return `  ${kind} ${event?.type ?? body['type'] ?? ''} ${acknowledgedAt === null ? 'not ' : ''}acknowledged`;
      }),
      `violations: ${state.violations.join(', ')}`,
    ].join('\n');

  /** A workspace with the app in it. */
  const team = (
    name: string,
    {
      enterprise = null,
      isInstalled = true,
    }: { readonly enterprise?: string | null; readonly isInstalled?: boolean } = {},
  ) => {
    const made: Team = { id: state.nextId('T'), name, domain: name, enterprise };
    state.teams.set(made.id, made);
    const installation = (): Installation => {
      const found = state.installationFor(made.id);
      if (!found) throw new Error(`the app is not in ${name}`);
      return found;
    };
    if (isInstalled) installIn(made, { isForOrganisation: enterprise !== null });
    return {
      ...made,
      get installation(): Installation {
        return installation();
      },
      /** `@gramzoom`, as texts name it. */
      get bot(): string {
        return `<@${installation().botUser}>`;
      },
      person: (who: string, { locale = 'en-US', isAdmin = false } = {}): Person => {
        const user = {
          id: state.nextId('U'),
          team: made.id,
          name: who,
          locale,
          isAdmin,
          isOwner: false,
          isBot: false,
        };
        state.users.set(user.id, user);
        return createPerson(state, deliveries, user);
      },
      /** A channel with these people, and the bot unless told; `sharedWith` by Slack Connect. */
      channel: (
        channelName: string,
        {
          members = [],
          isPrivate = false,
          hasBot = true,
          sharedWith = [],
        }: {
          readonly members?: readonly Pick<Person, 'id'>[];
          readonly isPrivate?: boolean;
          readonly hasBot?: boolean;
          readonly sharedWith?: readonly Pick<Team, 'id'>[];
        } = {},
      ): Place => {
        const id = state.nextId('C');
        const users = [...members.map((member) => member.id), ...(hasBot ? [installation().botUser] : [])];
        state.channels.set(id, {
          ...{ id, name: channelName, kind: isPrivate ? 'private' : 'public', members: new Set(users) },
          ...{ teams: [made.id, ...sharedWith.map((one) => one.id)], isArchived: false, messages: new Map() },
        });
        return placeView(state, state.channels.get(id)!);
      },
      install: (): Installation => installIn(made, { isForOrganisation: enterprise !== null }),
      uninstall: (): void => end(installation(), 'app_uninstalled'),
      revokeTokens: (): void => end(installation(), 'tokens_revoked'),
    };
  };

  return {
    ...{ state, clock, app, faults, team },
    /** What WebClient and SocketModeClient take as `slackApiUrl`. */
    apiUrl: `${state.origin}/api/`,
    /** Where files come from, as `http://host:port`. */
    origin: state.origin,
    appToken: app.appToken,
    signingSecret: app.signingSecret,
    socket: deliveries.socket,
    /** What the app was told, and when it acknowledged it. */
    deliveries,
    requests: requests as readonly RequestRecord[],
    violations: state.violations,
    /** How files are processed from now on, whether there are limits, and what is allowed. */
    settings: settings as {
      pollsUntilReady: number;
      pollsUntilShared: number | null;
      rateLimits: 'on' | 'off';
      scopes: readonly string[];
    },
    place: (id: string): Place => placeView(state, state.channels.get(id)!),
    /** Calls of a method. */
    calls: (method: string): readonly RequestRecord[] =>
      requests.filter((request) => request.method === method),
    /** Waits for a fact, never for time. */
    waitFor: createWaitFor(state.onChange, situation),
    close: async (): Promise<void> => {
      deliveries.socket.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};

export type FakeSlack = Awaited<ReturnType<typeof createFakeSlack>>;
export type SlackTeam = ReturnType<FakeSlack['team']>;
