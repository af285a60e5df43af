import { randomUUID } from 'node:crypto';
import { GatewayOpcodes } from 'discord-api-types/v10';
import type { WebSocket } from 'ws';
import type { Happening } from '../state/core.ts';
import { shardOf } from '../state/snowflakes.ts';

/** Events kept for a session that may resume. */
const mostKept = 10_000;

type Dispatch = {
  readonly op: GatewayOpcodes.Dispatch;
  readonly t: string;
  readonly s: number;
  readonly d: unknown;
};

/** A bot's session: what it asked for, what it was told, and the socket it has now. */
export type Session = {
  readonly id: string;
  readonly shard: readonly [id: number, count: number];
  readonly intents: number;
  socket: WebSocket | null;
  sequence: number;
  /** When its socket was lost, on the clock. */
  lostAt: number;
  readonly kept: Dispatch[];
};

export const createSession = (
  socket: WebSocket,
  { shard, intents }: { readonly shard: readonly [number, number]; readonly intents: number },
): Session => ({ id: randomUUID(), shard, intents, socket, sequence: 0, lostAt: 0, kept: [] });

/** Whether something is for this shard: direct messages go to shard 0. */
export const isForShard = (session: Session, { guildId }: Pick<Happening, 'guildId'>): boolean =>
  shardOf(guildId, session.shard[1]) === session.shard[0];

export const sendJson = (socket: WebSocket | null, payload: object): void => {
  if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(payload));
};

/** Tells a session something; without a socket it is kept until the session resumes. */
export const dispatch = (session: Session, t: string, d: unknown): void => {
  session.sequence += 1;
  const payload: Dispatch = { op: GatewayOpcodes.Dispatch, t, s: session.sequence, d };
  session.kept.push(payload);
  if (session.kept.length > mostKept) session.kept.shift();
  sendJson(session.socket, payload);
};

/** Sends again what came after a sequence number. */
export const replay = (session: Session, after: number): readonly string[] => {
  const missed = session.kept.filter(({ s }) => s > after);
  for (const payload of missed) sendJson(session.socket, payload);
  return missed.map(({ t }) => t);
};
