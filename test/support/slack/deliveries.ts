import { createHmac, randomUUID } from 'node:crypto';
import type { EnvelopedEvent } from '@slack/bolt';
import { type Connection, createSocketMode } from './socket.ts';
import { app, type Installation, type Published, type State } from './state.ts';

type Kind = 'events_api' | 'slash_commands' | 'interactive';

/** Something that the app is told, until it acknowledges it. */
export type Delivery = {
  readonly kind: Kind;
  readonly body: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
  /** How often it has been told. */
  attempts: number;
  acknowledgedAt: number | null;
  /** What came with the acknowledgement. */
  response: Readonly<Record<string, unknown>>;
  /** Nobody acknowledged it in time: what the person sees as a failure. */
  hasFailed: boolean;
  /** Over once it is acknowledged, or has failed. */
  readonly done: Promise<void>;
};

type Open = Delivery & {
  readonly settle: () => void;
  readonly sentTo: Set<Connection>;
  readonly envelopes: Set<string>;
};

const deadlineMs = 3000;
const retriesAfterMs = [0, 60_000, 300_000];

const scopeOfEvent = ({ event, channel }: Published): string | null => {
  switch (event.type) {
    case 'message':
      return `${{ public: 'channels', private: 'groups', im: 'im' }[channel?.kind ?? 'public']}:history`;
    case 'app_mention':
      return 'app_mentions:read';
    case 'reaction_added':
    case 'reaction_removed':
      return 'reactions:read';
    case 'file_deleted':
      return 'files:read';
    case 'member_joined_channel':
      return 'channels:read';
    default:
      return null;
  }
};

/** The headers by which the app knows that it is Slack who speaks. */
export const signed = (
  body: string,
  { seconds, secret }: { readonly seconds: number; readonly secret: string },
) => ({
  'x-slack-request-timestamp': String(seconds),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`,
});

/** How the app is told what happens: by Socket Mode, or by signed requests to an address. */
export const createDeliveries = (state: State) => {
  const all: Open[] = [];
  const waiting = new Set<Open>();
  const byEnvelope = new Map<string, Open>();
  let url: string | null = null;
  let isSubscribed = (_: Published): boolean => true;

  const acknowledge = (delivery: Open, response: object): void => {
    if (delivery.acknowledgedAt !== null) return;
    delivery.acknowledgedAt = state.clock.now();
    // Too late: the person has seen a failure, and what it says is not shown.
    if (!delivery.hasFailed) delivery.response = response as Delivery['response'];
    waiting.delete(delivery);
    delivery.settle();
    state.changed();
  };

  const fail = (delivery: Open): void => {
    if (delivery.acknowledgedAt !== null) return;
    delivery.hasFailed = true;
    delivery.settle();
    state.changed();
  };

  const retry = (delivery: Open): void => {
    if (delivery.acknowledgedAt === null) attempt(delivery, { retry: delivery.attempts, reason: 'timeout' });
  };

  /** Nobody has acknowledged it in time. */
  const expire = (delivery: Open): void => {
    if (delivery.acknowledgedAt !== null) return;
    const delayMs = delivery.kind === 'events_api' ? retriesAfterMs[delivery.attempts - 1] : undefined;
    if (delayMs === undefined) fail(delivery);
    else state.clock.after(delayMs, () => retry(delivery));
  };

  const overSocket = (delivery: Open, told: { readonly retry: number; readonly reason: string }): boolean => {
    const connection = socket.pick();
    if (!connection) return false;
    const envelope = randomUUID();
    byEnvelope.set(envelope, delivery);
    delivery.sentTo.add(connection);
    delivery.envelopes.add(envelope);
    socket.send(connection, {
      ...{ envelope_id: envelope, type: delivery.kind, payload: delivery.body },
      accepts_response_payload: delivery.kind !== 'events_api',
      ...(delivery.kind === 'events_api' && {
        retry_attempt: told.retry,
        retry_reason: told.retry > 0 ? told.reason : '',
      }),
    });
    return true;
  };

  const overHttp = async (
    delivery: Open,
    to: string,
    { retry, reason }: { readonly retry: number; readonly reason: string },
  ): Promise<void> => {
    const isEvent = delivery.kind === 'events_api';
    const body = isEvent
      ? JSON.stringify(delivery.body)
      : delivery.kind === 'slash_commands'
        ? String(new URLSearchParams(delivery.body as Record<string, string>))
        : String(new URLSearchParams({ payload: JSON.stringify(delivery.body) }));
    const given = new AbortController();
    const timer = state.clock.after(deadlineMs, () => given.abort());
    try {
      const answer = await fetch(to, {
        ...{ method: 'POST', body, signal: given.signal },
        headers: {
          'content-type': isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
          ...signed(body, { seconds: state.seconds(), secret: app.signingSecret }),
          ...(retry > 0 && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': reason }),
        },
      });
      const text = await answer.text();
      if (!answer.ok) return expire(delivery);
      acknowledge(delivery, text.startsWith('{') ? JSON.parse(text) : text === '' ? {} : { text });
    } catch {
      expire(delivery);
    } finally {
      timer.cancel();
    }
  };

  const attempt = (delivery: Open, told: { readonly retry: number; readonly reason: string }): void => {
    delivery.attempts += 1;
    if (url !== null) return void overHttp(delivery, url, told);
    if (overSocket(delivery, told)) {
      state.clock.after(deadlineMs, () => expire(delivery));
    } else if (delivery.kind === 'events_api') waiting.add(delivery);
    else fail(delivery);
  };

  const socket = createSocketMode(state, {
    acknowledged: (envelope, payload) => {
      const delivery = byEnvelope.get(envelope);
      if (delivery) acknowledge(delivery, payload);
      else state.violations.push(`an acknowledgement of something that was never sent: ${envelope}`);
    },
    listening: () => {
      const missed = [...waiting];
      waiting.clear();
      // They come as if they had never been sent.
      for (const delivery of missed) attempt(delivery, { retry: 0, reason: '' });
    },
    closed: (connection) => {
      const lost = all.filter(
        (one) => one.acknowledgedAt === null && !one.hasFailed && one.sentTo.delete(connection),
      );
      for (const delivery of lost.filter(({ kind }) => kind === 'events_api'))
        attempt(delivery, { retry: 0, reason: '' });
    },
  });

  const deliver = (kind: Kind, body: object): Delivery => {
    const { promise: done, resolve: settle } = Promise.withResolvers<void>();
    const delivery: Open = {
      ...{
        kind,
        body: body as Delivery['body'],
        sentAt: state.clock.now(),
        attempts: 0,
        acknowledgedAt: null,
      },
      ...{ response: {}, hasFailed: false, done, settle, sentTo: new Set(), envelopes: new Set() },
    };
    all.push(delivery);
    attempt(delivery, { retry: 0, reason: '' });
    state.changed();
    return delivery;
  };

  const envelope = ({ event, channel, team }: Published, installation: Installation): EnvelopedEvent =>
    ({
      ...{ token: 'a-verification-token', team_id: team, api_app_id: app.id, type: 'event_callback', event },
      ...{ context_team_id: installation.team ?? team, context_enterprise_id: installation.enterprise },
      ...{
        event_id: state.nextId('Ev'),
        event_time: state.seconds(),
        is_ext_shared_channel: (channel?.teams.length ?? 1) > 1,
      },
      ...(installation.enterprise !== null && { enterprise_id: installation.enterprise }),
      authorizations: [
        {
          ...{
            enterprise_id: installation.enterprise,
            team_id: installation.team ?? team,
            user_id: installation.botUser,
          },
          ...{ is_bot: true, is_enterprise_install: installation.team === null },
        },
      ],
    }) as EnvelopedEvent;

  state.onPublish((published) => {
    const { channel, installation } = published;
    // Where several workspaces share a channel, one of them is told.
    const able = installation
      ? [installation]
      : state.installations.filter((one) => one.state === 'installed' && channel?.members.has(one.botUser));
    const hearer = able.find(({ team }) => team === channel?.teams[0]) ?? able[0];
    const scope = scopeOfEvent(published);
    if (!hearer || (scope !== null && !hearer.scopes.includes(scope)) || !isSubscribed(published)) return;
    deliver('events_api', envelope(published, hearer));
  });

  return {
    socket,
    all: all as readonly Delivery[],
    deliver,
    /** From now on by signed requests to this address. */
    deliverTo: (address: string): void => {
      url = address;
    },
    /** Which events the app has asked for. */
    subscribe: (wanted: (published: Published) => boolean): void => {
      isSubscribed = wanted;
    },
    /** Tells it again, although it may have been acknowledged. */
    redeliver: (delivery: Delivery, { retry = 1, reason = 'timeout' } = {}): void =>
      attempt(delivery as Open, { retry, reason }),
    /** Posts a body that is not signed as it should be. @returns the status */
    forge: async (
      body: object,
      wrong: { readonly secret?: string; readonly ageSeconds?: number },
    ): Promise<number> => {
      const text = JSON.stringify(body);
      const { secret = app.signingSecret, ageSeconds = 0 } = wrong;
      const headers = {
        'content-type': 'application/json',
        ...signed(text, { seconds: state.seconds() - ageSeconds, secret }),
      };
      return (await fetch(url ?? '', { method: 'POST', body: text, headers })).status;
    },
  };
};

export type Deliveries = ReturnType<typeof createDeliveries>;
