import { createHmac, randomUUID } from 'node:crypto';
import type { EnvelopedEvent } from '@slack/bolt';
import { kindNames } from './payloads.ts';
import { type Connection, createSocketMode } from './socket.ts';
import { app, type Installation, type Published, type State } from './state.ts';

type Kind = 'events_api' | 'slash_commands' | 'interactive';
type Fields = Readonly<Record<string, unknown>>;

const createDelivery = (kind: Kind, body: Fields, sentAt: number) => {
  const { promise: done, resolve: settle } = Promise.withResolvers<void>();
  return {
    ...{ kind, body, sentAt, acknowledgedAt: null as number | null, settle, sentTo: new Set<Connection>() },
    /** How often it has been told. */
    attempts: 0,
    /** What came with the acknowledgement, in time. */
    response: {} as Fields,
    /** Nobody acknowledged it in time: what the person sees as a failure. */
    hasFailed: false,
    /** Over once it is acknowledged, or has failed. */
    done,
  };
};
/** Something that the app is told, until it acknowledges it. */
export type Delivery = ReturnType<typeof createDelivery>;

type Telling = { readonly retry?: number; readonly reason?: string };

const deadlineMs = 3000;
const retriesAfterMs = [0, 60_000, 300_000];

/** What the app has to be allowed to hear of something. */
const scopeOf = ({ event: { type }, channel }: Published): string | undefined => {
  if (type === 'message') return `${kindNames[channel?.kind ?? 'public'].scope}:history`;
  if (type === 'app_mention') return 'app_mentions:read';
  const scopes = { reaction: 'reactions', file: 'files', channel: 'channels', group: 'groups' };
  const kind = type.split('_')[0] as keyof typeof scopes;
  return scopes[kind] && `${scopes[kind]}:read`;
};

/** What the app has to have asked for. */
const subscriptionOf = ({ event: { type }, channel }: Published): string =>
  type === 'message' ? `message.${kindNames[channel?.kind ?? 'public'].scope}` : type;

/** The headers by which the app knows that it is Slack who speaks. */
export const signed = (
  body: string,
  { seconds, secret = app.signingSecret }: { readonly seconds: number; readonly secret?: string | undefined },
) => ({
  'x-slack-request-timestamp': String(seconds),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`,
});

/** How the app is told what happens: by Socket Mode, or by signed requests to an address. */
export const createDeliveries = (state: State, settings: { readonly events: readonly string[] }) => {
  const all: Delivery[] = [];
  const waiting = new Set<Delivery>();
  const byEnvelope = new Map<string, Delivery>();
  let url: string | null = null;

  const end = (delivery: Delivery, outcome: Partial<Delivery>): void => {
    if (delivery.acknowledgedAt !== null) return;
    Object.assign(delivery, outcome);
    waiting.delete(delivery);
    delivery.settle();
    state.changed();
  };
  const acknowledge = (delivery: Delivery, response: Delivery['response']): void =>
    // Too late: the person has seen a failure, and what it says is not shown.
    end(delivery, { acknowledgedAt: state.clock.now(), response: delivery.hasFailed ? {} : response });

  /** Nobody has acknowledged it in time. */
  const expire = (delivery: Delivery, reason: string): void => {
    if (delivery.acknowledgedAt !== null) return;
    const delayMs = delivery.kind === 'events_api' ? retriesAfterMs[delivery.attempts - 1] : undefined;
    const again = (): void => {
      if (delivery.acknowledgedAt === null) attempt(delivery, { retry: delivery.attempts, reason });
    };
    if (delayMs === undefined) end(delivery, { hasFailed: true });
    else state.clock.after(delayMs, again);
  };

  const overHttp = async (
    delivery: Delivery,
    to: string,
    { retry = 0, reason = '' }: Telling,
  ): Promise<void> => {
    const { kind, body: given } = delivery;
    const isEvent = kind === 'events_api';
    const form =
      kind === 'slash_commands' ? (given as Record<string, string>) : { payload: JSON.stringify(given) };
    const body = isEvent ? JSON.stringify(given) : String(new URLSearchParams(form));
    const giving = new AbortController();
    const timer = state.clock.after(deadlineMs, () => giving.abort());
    try {
      const answer = await fetch(to, {
        ...{ method: 'POST', body, signal: giving.signal },
        headers: {
          'content-type': isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
          ...signed(body, { seconds: state.seconds() }),
          ...(retry > 0 && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': reason }),
        },
      });
      const text = await answer.text();
      if (answer.ok)
        acknowledge(delivery, text.startsWith('{') ? JSON.parse(text) : text === '' ? {} : { text });
      else expire(delivery, 'http_error');
    } catch {
      expire(delivery, 'http_timeout');
    } finally {
      timer.cancel();
    }
  };

  const attempt = (delivery: Delivery, telling: Telling = {}): void => {
    delivery.attempts += 1;
    if (url !== null) return void overHttp(delivery, url, telling);
    const connection = socket.pick();
    const { kind, body: payload } = delivery;
    const isEvent = kind === 'events_api';
    if (!connection && isEvent) waiting.add(delivery);
    else if (!connection) end(delivery, { hasFailed: true });
    if (!connection) return;
    const envelope_id = randomUUID();
    byEnvelope.set(envelope_id, delivery);
    delivery.sentTo.add(connection);
    const retries = { retry_attempt: telling.retry ?? 0, retry_reason: telling.reason ?? '' };
    const common = { envelope_id, type: kind, payload, accepts_response_payload: !isEvent };
    socket.send(connection, isEvent ? { ...common, ...retries } : common);
    state.clock.after(deadlineMs, () => expire(delivery, 'timeout'));
  };

  const socket = createSocketMode(state, {
    acknowledged: (envelope, payload) => {
      const delivery = byEnvelope.get(envelope);
      if (delivery) acknowledge(delivery, payload as Delivery['response']);
      else state.violations.push(`an acknowledgement of nothing: ${envelope}`);
    },
    // What nobody could be told comes as if it had never been sent; so does what a connection has not acknowledged.
    listening: () => {
      const missed = [...waiting];
      waiting.clear();
      for (const delivery of missed) attempt(delivery);
    },
    closed: (connection) => {
      const lost = all.filter(({ kind, sentTo }) => kind === 'events_api' && sentTo.delete(connection));
      for (const one of lost) if (one.acknowledgedAt === null && !one.hasFailed) attempt(one);
    },
  });

  const deliver = (kind: Kind, body: object): Delivery => {
    const delivery = createDelivery(kind, body as Fields, state.clock.now());
    all.push(delivery);
    attempt(delivery);
    state.changed();
    return delivery;
  };

  const envelope = (
    { event, channel, team }: Published,
    { enterprise, team: own, botUser }: Installation,
  ) => ({
    ...{ token: 'a-verification-token', team_id: team, api_app_id: app.id, type: 'event_callback', event },
    ...{ event_id: state.nextId('Ev'), event_time: state.seconds(), context_team_id: own ?? team },
    ...{ context_enterprise_id: enterprise, is_ext_shared_channel: (channel?.teams.length ?? 1) > 1 },
    ...(enterprise !== null && { enterprise_id: enterprise }),
    authorizations: [
      {
        ...{ enterprise_id: enterprise, team_id: own ?? team, user_id: botUser },
        ...{ is_bot: true, is_enterprise_install: own === null },
      },
    ],
  });

  state.onPublish = (published) => {
    const { channel, installation } = published;
    // Where several workspaces share a channel, one of them is told.
    const live = state.installations.filter((one) => one.state === 'installed');
    const able = live.filter(({ botUser }) => channel?.members.has(botUser));
    const hearer = installation ?? able.find(({ team }) => team === channel?.teams[0]) ?? able[0];
    const scope = scopeOf(published);
    const isHeard = hearer && (scope === undefined || hearer.scopes.includes(scope));
    if (!isHeard || !settings.events.includes(subscriptionOf(published))) return;
    const body = envelope(published, hearer);
    deliver('events_api', body satisfies Omit<EnvelopedEvent, 'context_enterprise_id'>);
  };

  return {
    ...{ socket, all: all as readonly Delivery[], deliver },
    /** From now on by signed requests to this address. */
    deliverTo: (address: string): void => {
      url = address;
    },
    /** Tells it again, although it may have been acknowledged. */
    redeliver: (delivery: Delivery, telling: Telling = { retry: 1, reason: 'timeout' }): void =>
      attempt(delivery, telling),
    /** Posts a body that is not signed as it should be. @returns the status */
    forge: async (body: object, wrong: { secret?: string; ageSeconds?: number }): Promise<number> => {
      const [text, seconds] = [JSON.stringify(body), state.seconds() - (wrong.ageSeconds ?? 0)];
      const signature = signed(text, { seconds, secret: wrong.secret });
      const headers = { 'content-type': 'application/json', ...signature };
      return (await fetch(url ?? '', { method: 'POST', body: text, headers })).status;
    },
  };
};

export type Deliveries = ReturnType<typeof createDeliveries>;
