import { GatewayCloseCodes as Close, GatewayOpcodes as Op } from 'discord-api-types/v10';
import type { WebSocket } from 'ws';
import { partialApplication } from '../rest/routes-application.ts';
import type { Core } from '../state/core.ts';
import { guildCreatePayload } from '../state/guilds.ts';
import type { Guild } from '../state/model.ts';
import { shardOf } from '../state/snowflakes.ts';
import { getUser, userPayload } from '../state/users.ts';
import { areKnown, intentOf, privileged } from './intents.ts';
import { createSession, dispatch, replay, type Session, sendJson } from './session.ts';

/** How long a session without a socket can be resumed. */
const resumableMs = 180_000;

export type Identify = {
  readonly token: string;
  readonly intents: number;
  readonly shard?: readonly [number, number];
};
export type Resume = { readonly token: string; readonly session_id: string; readonly seq: number };

const guildsOf = (core: Core, [id, count]: readonly [number, number]): readonly Guild[] =>
  [...core.guilds.values()].filter(
    (guild) => guild.members.has(core.application.id) && shardOf(guild.id, count) === id,
  );

/** Why an IDENTIFY is refused, as a close code; null where it is not. */
export const identifyRefusal = (
  core: Core,
  { token, intents, shard = [0, 1] }: Identify,
  { mostGuildsPerShard }: { readonly mostGuildsPerShard: number },
): number | null => {
  if (token !== core.application.token) return Close.AuthenticationFailed;
  if (!areKnown(intents)) return Close.InvalidIntents;
  if ((intents & privileged & ~core.application.privilegedIntents) !== 0) return Close.DisallowedIntents;
  const [id, count] = shard;
  if (!(id >= 0 && id < count)) return Close.InvalidShard;
  return guildsOf(core, shard).length > mostGuildsPerShard ? Close.ShardingRequired : null;
};

/** A new session: READY, then its guilds. */
export const beginSession = (
  core: Core,
  socket: WebSocket,
  { request, resumeUrl }: { readonly request: Identify; readonly resumeUrl: string },
): Session => {
  const session = createSession(socket, { shard: request.shard ?? [0, 1], intents: request.intents });
  const guilds = guildsOf(core, session.shard);
  const bot = userPayload(getUser(core, core.application.id));
  dispatch(session, 'READY', {
    v: 10,
    user: { ...bot, mfa_enabled: true, verified: true, email: null },
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: resumeUrl,
    shard: session.shard,
    application: partialApplication(core),
  });
  const isTold = (session.intents & intentOf({ t: 'GUILD_CREATE', guildId: '0' })) !== 0;
  for (const guild of isTold ? guilds : [])
    dispatch(session, 'GUILD_CREATE', guildCreatePayload(core, guild));
  return session;
};

/**
 * Takes a session up again and sends what was missed.
 * @returns the names of those events; null where the session cannot be resumed, and the client was told
 */
export const resumeSession = (
  core: Core,
  socket: WebSocket,
  { session, request }: { readonly session: Session | undefined; readonly request: Resume },
): readonly string[] | null => {
  const isStale = session?.socket === null && core.clock.now() - session.lostAt > resumableMs;
  if (request.token !== core.application.token || !session || isStale || request.seq > session.sequence) {
    sendJson(socket, { op: Op.InvalidSession, d: false });
    return null;
  }
  session.socket = socket;
  const replayed = replay(session, request.seq);
  dispatch(session, 'RESUMED', {});
  return replayed;
};
