import { WebClient, type WebClientOptions } from '@slack/web-api';
import QuickLRU from 'quick-lru';
import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { PlatformDeps } from '../platform.ts';
import { optional, withoutNulls } from '../shared/lenient.ts';
import { createHeldRequests } from './held-requests.ts';
import { missingScopes } from './scopes.ts';
import { isError, refusedTokens, tokenRefused, translateError } from './slack-errors.ts';
import { createSlackLogger } from './slack-logger.ts';

/** An installation of the bot: an organisation's, for all its workspaces, or a workspace's. */
export type Installation = {
  /** The organisation's id (`E…`) or the workspace's (`T…`). */
  readonly tenant: string;
  readonly name: string;
  readonly botToken: string;
  readonly botUserId: string;
  readonly botId: string;
  /** What it was allowed. */
  readonly scopes: readonly string[];
};

/** Where an event says that it belongs. */
export type TenantHint = {
  readonly teamId: string | undefined;
  readonly enterpriseId: string | undefined;
  readonly isEnterpriseInstall: boolean;
};

/**
 * The clients of one tenant, apart since the library pauses a whole client after one refusal for too many requests, and
 * sends a request again whose answer was lost, whatever it did.
 */
export type TenantClients = {
  readonly installation: Installation;
  /** For what may happen twice: lookups, answers to one person. Tried again twice. */
  readonly answers: WebClient;
  /**
   * For what must not happen twice: messages and uploads. Never tried again, 10 s at most; a refusal for too many
   * requests is thrown and pauses nothing (`rejectRateLimitedCalls`).
   */
  readonly once: WebClient;
};

/** Where installations are kept. */
export interface StoredInstallations {
  save(installation: Installation): Promise<void>;
  /** @throws GramzoomError `chat-unreachable` where it is there and cannot be read */
  get(tenant: string): Promise<Installation | undefined>;
  /** Those that can be read. */
  all(): Promise<readonly Installation[]>;
  /** Harmless where there is none. */
  remove(tenant: string): Promise<void>;
}

/** Who has installed the bot. */
export interface Tenants {
  /**
   * At the start: whether Slack takes the bot's token, and what installations lack.
   * @throws GramzoomError `token-refused`, `chat-unreachable`
   */
  check(): Promise<void>;
  /** @throws GramzoomError `chat-gone` where it is installed no more, `chat-unreachable` */
  clients(tenant: string): Promise<TenantClients>;
  /** Which installation an event belongs to. @throws GramzoomError `chat-gone`, `chat-unreachable` */
  find(hint: TenantHint): Promise<Installation>;
  /** As far as they are known. */
  all(): Promise<readonly Installation[]>;
  save(installation: Installation): Promise<void>;
  /** Forgets it, with its clients. Harmless where it is not known. */
  remove(tenant: string): Promise<void>;
}

const mostTenants = 1_000;
const requestMs = 10_000;
const lookupRetries = { retries: 2, minTimeout: 300, maxTimeout: 1_000 };
/** In all less than a request may take. */
const lookupWaits = { mostWaits: 2, mostWaitMs: 4_000 };

const gone = (): GramzoomError => new GramzoomError('chat-gone', { platform: 'Slack' });

const whoAmI = z.object({
  team_id: z.string(),
  team: optional(z.string()),
  enterprise_id: optional(z.string()),
  is_enterprise_install: optional(z.boolean()),
  user_id: z.string(),
  bot_id: z.string(),
  response_metadata: optional(z.object({ scopes: optional(z.array(z.string())) })),
});

/** The installation that a bot token is of. @param answer of auth.test @throws ZodError */
export const installationOf = (answer: unknown, botToken: string): Installation => {
  const who = whoAmI.parse(withoutNulls(answer));
  const { is_enterprise_install: isOfAll = false, enterprise_id: enterprise, team_id: team } = who;
  return {
    tenant: isOfAll && enterprise !== undefined ? enterprise : team,
    name: who.team ?? team,
    botToken,
    botUserId: who.user_id,
    botId: who.bot_id,
    scopes: who.response_metadata?.scopes ?? [],
  };
};

/**
 * @param options.botToken of the one workspace that needs no installing, if any
 * @param options.stored who has installed it; null where nobody can
 * @param options.apiUrl of the Web API, with a slash at its end
 */
export const createTenants = ({
  botToken,
  stored,
  apiUrl = 'https://slack.com/api/',
  clock,
  log,
  observe,
}: {
  readonly botToken: string | null;
  readonly stored: StoredInstallations | null;
  readonly apiUrl?: string | undefined;
} & Pick<PlatformDeps, 'clock' | 'log' | 'observe'>): Tenants => {
  const logger = createSlackLogger(log, { clock });
  const known = new QuickLRU<string, TenantClients>({ maxSize: mostTenants });
  let isTokenDead = botToken === null;
  let asking: Promise<Installation> | null = null;

  const createClients = (installation: Installation): TenantClients => {
    const held = createHeldRequests({
      ...{ apiUrl, clock },
      isOrganisation: installation.tenant.startsWith('E'),
      onRefused: () => observe({ platform: 'slack', kind: 'rate-limited' }),
    });
    const create = (options: WebClientOptions): WebClient =>
      new WebClient(installation.botToken, {
        ...{ slackApiUrl: apiUrl, logger, timeout: requestMs, rejectRateLimitedCalls: true },
        ...options,
      });
    return {
      installation,
      answers: create({ retryConfig: lookupRetries, fetch: held.fetch(lookupWaits) }),
      once: create({ retryConfig: { retries: 0 }, fetch: held.fetch({ mostWaits: 0, mostWaitMs: 0 }) }),
    };
  };

  const remember = (installation: Installation): TenantClients => {
    const clients = createClients(installation);
    known.set(installation.tenant, clients);
    return clients;
  };

  const ask = async (token: string): Promise<Installation> => {
    const nobody = { tenant: '', name: '', botToken: token, botUserId: '', botId: '', scopes: [] };
    const { answers } = createClients(nobody);
    try {
      return installationOf(await answers.auth.test(), token);
    } catch (error) {
      asking = null;
      throw isError(error, ...refusedTokens) ? tokenRefused('SLACK_BOT_TOKEN', error) : translateError(error);
    }
  };
  /** The installation of the token that is configured; null where there is none (any more). */
  const ofToken = async (): Promise<Installation | null> => {
    if (botToken === null || isTokenDead) return null;
    asking ??= ask(botToken);
    return await asking;
  };

  /** @throws GramzoomError `chat-unreachable` also for a wrong token: what is stored is not given up for that */
  const read = async (tenant: string): Promise<Installation | null> => {
    const installed = await stored?.get(tenant);
    if (installed) return installed;
    const own = await ofToken().catch((error: unknown) => {
      if (!(error instanceof GramzoomError) || error.code !== 'token-refused') throw error;
      const reason = 'SLACK_BOT_TOKEN is refused';
      throw new GramzoomError('chat-unreachable', { platform: 'Slack', reason }, { cause: error });
    });
    return own?.tenant === tenant ? own : null;
  };

  const clientsOf = async (tenant: string): Promise<TenantClients | null> => {
    const before = known.get(tenant);
    if (before) return before;
    const installation = await read(tenant);
    // Somebody else may have been quicker: clients hold what their tenant may not ask for yet.
    return installation && (known.get(tenant) ?? remember(installation));
  };

  const tellMissing = ({ tenant, scopes }: Installation): void => {
    for (const { scope, purpose } of missingScopes(scopes))
      log.warn('slack: a scope is missing; install the app again to grant it', { tenant, scope, purpose });
  };

  const all = async (): Promise<readonly Installation[]> => {
    const installed = (await stored?.all()) ?? [];
    const own = await ofToken().catch(() => null);
    return own && installed.every(({ tenant }) => tenant !== own.tenant) ? [own, ...installed] : installed;
  };

  return {
    all,
    check: async () => {
      await ofToken();
      for (const installation of await all()) tellMissing(installation);
    },
    clients: async (tenant) => {
      const clients = await clientsOf(tenant);
      if (!clients) throw gone();
      return clients;
    },
    find: async ({ teamId, enterpriseId, isEnterpriseInstall }) => {
      const ids = isEnterpriseInstall ? [enterpriseId, teamId] : [teamId, enterpriseId];
      for (const id of ids) {
        const clients = id === undefined ? null : await clientsOf(id);
        if (clients) return clients.installation;
      }
      throw gone();
    },
    save: async (installation) => {
      if (!stored) throw new GramzoomError('internal', { reason: 'no key to store an installation with' });
      await stored.save(installation);
      remember(installation);
      tellMissing(installation);
    },
    remove: async (tenant) => {
      const own = await ofToken().catch(() => null);
      if (own?.tenant === tenant) isTokenDead = true;
      await stored?.remove(tenant);
      known.delete(tenant);
    },
  };
};
