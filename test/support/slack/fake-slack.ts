import type { AnyBlock } from '@slack/types';
import { createManifest } from '../../../src/chat/slack/manifest.ts';
import type { FakeClock } from '../fake-clock.ts';
import { closeServer, listenHere, type RequestRecord } from '../fake-http.ts';
import { createRunningClock } from '../running-clock.ts';
import { createWaitFor } from '../wait-for.ts';
import { createDeliveries } from './deliveries.ts';
import { type FileSettings, fileMethods, type Grant } from './methods-files.ts';
import { messageMethods } from './methods-messages.ts';
import { placeMethods } from './methods-places.ts';
import { createPerson, type Person } from './person.ts';
import { type Place, placeView } from './place.ts';
import { createSlackHttp } from './server.ts';
import { app, createState, type Installation, type Team, type User } from './state.ts';

/** What can be changed while it runs. */
type Settings = FileSettings & {
  /** Off for a clock that stands still, and for tests that are about something else. */
  rateLimits: 'on' | 'off';
  /** What new installations are allowed, and what the app is told of: what its manifest says unless told. */
  scopes: readonly string[];
  events: readonly string[];
};

export type FakeSlackOptions = Partial<Settings> & {
  /** Time of deadlines, limits and triggers. By default the machine's, which a test may push forward. */
  readonly clock?: FakeClock;
  /** 0 takes any free one. */
  readonly port?: number;
};

type TeamOptions = { readonly enterprise?: string | null; readonly isInstalled?: boolean };
type PersonOptions = Partial<Pick<User, 'locale' | 'zone' | 'isAdmin' | 'isGuest'>>;
/** `sharedWith`: other workspaces, by Slack Connect. */
type ChannelOptions = { readonly isPrivate?: boolean; readonly hasBot?: boolean } & {
  readonly [list in 'members' | 'sharedWith']?: readonly { readonly id: string }[];
};

/**
 * A Slack of its own on this machine: Web API, Socket Mode, signed requests and files over real sockets, for the real
 * clients. What Slack refuses as malformed, and what it forbids, is in `violations`.
 */
export const createFakeSlack = async (options: FakeSlackOptions = {}) => {
  const { clock = createRunningClock(), port = 0, ...given } = options;
  const state = createState(clock);
  const { oauth_config: oauth, settings: asked, features } = createManifest({ http: null, install: null });
  const usual = { scopes: oauth.scopes.bot, events: asked.event_subscriptions.bot_events };
  const settings: Settings = {
    pollsUntilReady: 1,
    pollsUntilShared: 1,
    settlesAfterMs: null,
    rateLimits: 'on',
    ...usual,
    ...given,
  };
  const deliveries = createDeliveries(state, settings);
  const codes = new Map<string, Grant>();

  const install = ({ id, name, enterprise }: Team): Installation => {
    const known = state.installationFor(id);
    if (known) return known;
    const tenant = enterprise ?? id;
    const botUser = state.addUser({ id: state.nextId('U'), team: id, name: 'gramzoom', isBot: true }).id;
    const token = `xoxb-${tenant}-${state.nextId('t')}`;
    const where = { tenant, name, team: enterprise === null ? id : null, enterprise };
    const by = { botUser, bot: state.nextId('B'), token };
    const installation: Installation = { ...where, ...by, scopes: settings.scopes, state: 'installed' };
    state.installations.push(installation);
    return installation;
  };

  const end = (installation: Installation, type: 'app_uninstalled' | 'tokens_revoked'): void => {
    const tokens = type === 'tokens_revoked' ? { tokens: { oauth: [], bot: [installation.botUser] } } : {};
    const team = installation.team ?? installation.tenant;
    state.onPublish({ event: { type, ...tokens }, installation, team });
    installation.state = type === 'app_uninstalled' ? 'account_inactive' : 'token_revoked';
  };

  const respond = (url: string, said: Readonly<Record<string, unknown>>): string | null => {
    const found = state.responseUrls.get(url);
    if (!found || clock.now() >= found.expiresAt) return 'expired_url';
    if (found.usesLeft <= 0) return 'used_url';
    found.usesLeft -= 1;
    const { user, channel: id, installation } = found;
    const channel = state.channels.get(id);
    const [text, blocks] = [String(said['text'] ?? ''), (said['blocks'] ?? []) as readonly AnyBlock[]];
    const thread = said['thread_ts'] === undefined ? null : String(said['thread_ts']);
    if (said['delete_original'] === true) return null;
    if (said['response_type'] === 'in_channel' && channel) {
      state.post(channel, { user: installation.botUser, bot: installation.bot, text, blocks, thread });
    } else {
      if (said['replace_original'] === true && found.original)
        state.ephemerals.splice(state.ephemerals.indexOf(found.original), 1);
      state.showAlone({ user, channel: id, thread, text, blocks, via: 'response_url' });
    }
    return null;
  };

  /** Whoever installs the app does so in the workspace that was made last. */
  const nextCode = (): string => {
    const [code, team] = [state.nextId('code'), [...state.teams.values()].at(-1)];
    if (team) codes.set(code, () => install(team));
    return code;
  };

  const { server, faults, requests, forgetRefusals } = createSlackHttp({
    ...{ state, codes, nextCode, respond, openConnection: deliveries.socket.open },
    methods: { ...messageMethods, ...placeMethods, ...fileMethods(settings) },
    isLimited: () => settings.rateLimits === 'on',
  });
  server.on('upgrade', deliveries.socket.upgrade);
  state.origin = `http://${await listenHere(server, port)}`;

  const situation = (): string => {
    const asked = requests
      .slice(-10)
      .map(({ method, status, error }) => `  ${method}: ${status} ${error ?? ''}`);
    const told = deliveries.all.slice(-5).map(({ kind, body, acknowledgedAt }) => {
      const { type = body['type'] } = (body['event'] ?? {}) as { readonly type?: string };
      return `  ${kind} ${type ?? ''} ${acknowledgedAt === null ? 'not ' : ''}acknowledged`;
    });
    const counts = `${requests.length} requests, told ${deliveries.all.length}, ${deliveries.socket.connections.length} connections`;
    return [counts, ...asked, ...told, ...state.violations].join('\n');
  };

  /** A workspace with the app in it, of an organisation where that is named. */
  const team = (name: string, { enterprise, isInstalled = true }: TeamOptions = {}) => {
    const made: Team = { id: state.nextId('T'), name, domain: name, enterprise: enterprise ?? null };
    state.teams.set(made.id, made);
    const installation = (): Installation => {
      const found = state.installationFor(made.id);
      if (!found) throw new Error(`the app is not in ${name}`);
      return found;
    };
    if (isInstalled) install(made);
    return {
      ...made,
      get installation(): Installation {
        return installation();
      },
      /** `@gramzoom`, as texts name it. */
      get bot(): string {
        return `<@${installation().botUser}>`;
      },
      person: (who: string, given: PersonOptions = {}): Person => {
        const user = { ...given, id: state.nextId('U'), team: made.id, name: who };
        return createPerson(state, deliveries, state.addUser(user));
      },
      /** A channel with these people, and the bot unless told. */
      channel: (
        channelName: string,
        { members: people = [], isPrivate, hasBot = true, sharedWith = [] }: ChannelOptions = {},
      ): Place => {
        const ids = [...people.map(({ id }) => id), ...(hasBot ? [installation().botUser] : [])];
        const teams = [made.id, ...sharedWith.map(({ id }) => id)];
        const kind = isPrivate ? 'private' : 'public';
        const members = new Set(ids);
        return placeView(
          state,
          state.addChannel({ id: state.nextId('C'), name: channelName, kind, teams, members }),
        );
      },
      install: (): Installation => install(made),
      uninstall: (): void => end(installation(), 'app_uninstalled'),
      revokeTokens: (): void => end(installation(), 'tokens_revoked'),
    };
  };

  return {
    ...{ state, clock, app, faults, requests, team, settings, deliveries, socket: deliveries.socket },
    ...{ appToken: app.appToken, signingSecret: app.signingSecret, violations: state.violations },
    origin: state.origin,
    /** What WebClient and SocketModeClient take as `slackApiUrl`. */
    apiUrl: `${state.origin}/api/`,
    /** Calls of a method. */
    forgetRefusals,
    calls: (method: string): readonly RequestRecord[] =>
      requests.filter((request) => request.method === method),
    /** Everybody, but the bot. */
    people: (): readonly Person[] =>
      [...state.users.values()]
        .filter(({ isBot }) => !isBot)
        .map((user) => createPerson(state, deliveries, user)),
    /** Entries in the menus of messages. */
    shortcuts: features.shortcuts.map(({ callback_id }) => callback_id),
    place: (id: string): Place => placeView(state, state.channels.get(id)!),
    /** Waits for a fact, never for time. */
    waitFor: createWaitFor(state.onChange, situation),
    close: async (): Promise<void> => {
      deliveries.socket.close();
      await closeServer(server);
    },
  };
};

export type FakeSlack = Awaited<ReturnType<typeof createFakeSlack>>;
export type SlackTeam = ReturnType<FakeSlack['team']>;
