import { pause } from '../../concurrency/pause.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { MessageRef } from '../../ports/chat.ts';
import type {
  ChannelGoneEvent,
  FileDeletedEvent,
  TeamAccessRevokedEvent,
  TokensRevokedEvent,
} from './events.ts';
import type { Departure, DepartureHandler, Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { decodeCredentials } from './place.ts';
import { isError, refusedTokens } from './slack-errors.ts';
import type { Installation, TenantHint } from './tenants.ts';

/** Whoever has removed the app may have installed it again meanwhile; Slack forgets a token within moments. */
const looksAgainMs = [5_000, 30_000];

const tenantNamedIn = ({ isEnterpriseInstall, enterpriseId, teamId }: TenantHint): string | undefined =>
  isEnterpriseInstall ? enterpriseId : teamId;

/** Whether a file was in a channel: pictures on the way are in none, and go all the time. */
export const wasShared = ({ channel_ids: channels }: FileDeletedEvent): boolean => channels?.length !== 0;

/** What is there no more: installations, and messages that somebody has deleted. */
export const createDepartures = ({
  renders,
  tenants,
  clock,
  log,
  signal,
}: Pick<HandlerDeps, 'renders' | 'tenants' | 'clock' | 'log' | 'signal'>) => {
  const isUnknown = (error: unknown): boolean => error instanceof GramzoomError && error.code === 'chat-gone';

  const find = async (hint: TenantHint): Promise<Installation | null> => {
    try {
      return await tenants.find(hint);
    } catch (error) {
      if (isUnknown(error)) return null;
      throw error;
    }
  };

  /** Whether Slack takes the token; where it does not answer, the event is believed that names just this tenant. */
  const isTokenAlive = async ({ tenant }: Installation, hint: TenantHint): Promise<boolean> => {
    try {
      const { answers } = await tenants.clients(tenant);
      await answers.auth.test();
      return true;
    } catch (error) {
      return !isUnknown(error) && !isError(error, ...refusedTokens) && tenantNamedIn(hint) !== tenant;
    }
  };

  /** @throws GramzoomError `stopping` where this process does before it is known */
  const isGone = async (installation: Installation, hint: TenantHint): Promise<boolean> => {
    let isAlive = await isTokenAlive(installation, hint);
    for (const afterMs of looksAgainMs) {
      if (!isAlive) break;
      await pause(clock, afterMs, { signal }).catch((cause: unknown) => {
        throw new GramzoomError('stopping', {}, { cause });
      });
      isAlive = await isTokenAlive(installation, hint);
    }
    return !isAlive;
  };

  /** Workspaces whose renders nobody can be told about any more. */
  const teamsOf = async (tenant: string): Promise<readonly string[]> => {
    if (!tenant.startsWith('E')) return [tenant];
    // Which organisation a workspace was in cannot be asked any more: where there are others its renders end by
    // themselves, once the bot would speak there.
    if ((await tenants.all()).some((other) => other.tenant.startsWith('E'))) return [];
    const teams: string[] = [];
    for (const teamId of await renders.busyServers('slack')) {
      const hint = { teamId, enterpriseId: undefined, isEnterpriseInstall: false };
      if (!(await find(hint))) teams.push(teamId);
    }
    return teams;
  };

  const leave = async (teams: readonly string[]): Promise<number> => {
    let cancelled = 0;
    for (const team of teams) cancelled += await renders.leave('slack', team);
    return cancelled;
  };

  const uninstalled = async ({ hint }: Pick<Departure<unknown>, 'hint'>): Promise<void> => {
    const installation = await find(hint);
    if (!installation) return;
    const { tenant } = installation;
    if (!(await isGone(installation, hint))) {
      log.info('slack: an installation that was said to be removed is there', { tenant });
      return;
    }
    await tenants.remove(tenant);
    const cancelled = await leave(await teamsOf(tenant));
    log.warn('slack: the app was removed, and is forgotten here', { tenant, cancelled });
  };

  const isStillThere = async (message: MessageRef): Promise<boolean> => {
    const render = await renders.renderAt(message);
    if (!render) return false;
    try {
      await renders.film(render.id);
      return true;
    } catch {
      // The bot itself has taken it away, for its age for example, and said so.
      return false;
    }
  };

  return {
    uninstalled: uninstalled satisfies DepartureHandler<unknown>,
    /** Of persons' tokens the bot has none. */
    tokensRevoked: (async ({ body, hint }) => {
      if (body.tokens.bot.length > 0) await uninstalled({ hint });
    }) satisfies DepartureHandler<TokensRevokedEvent>,
    /** Workspaces of an organisation, which keeps the app. */
    teamsRemoved: (async ({ body: { team_ids: teams } }) => {
      const cancelled = await leave(teams);
      if (cancelled > 0)
        log.info('slack: cancelled the renders of workspaces without the app', { cancelled });
    }) satisfies Handler<TeamAccessRevokedEvent>,
    fileDeleted: (async ({ body: { file_id: file } }) => {
      for (const message of await renders.filmMessages('slack')) {
        // Read only where it may be it: there are thousands of films.
        if (!message.grant?.includes(file) || !decodeCredentials(message).files.includes(file)) continue;
        if (await isStillThere(message)) await renders.filmGone(message);
      }
    }) satisfies Handler<FileDeletedEvent>,
    channelDeleted: (async ({ body: { channel } }) => {
      for (const message of await renders.filmMessages('slack')) {
        if (message.ref.startsWith(`${channel}/`)) await renders.filmGone(message);
      }
    }) satisfies Handler<ChannelGoneEvent>,
  };
};
