import { type App, AuthorizationError, type Receiver } from '@slack/bolt';
import { z } from 'zod';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventInbox } from '../../ports/event-inbox.ts';
import type { AppLog } from '../../ports/log.ts';
import type { PlatformEvent } from '../platform.ts';
import type { EventBoundary } from '../shared/event-boundary.ts';
import { listOf, optional, withoutNulls } from '../shared/lenient.ts';
import { acceptedDelivery, type Delivery, openDelivery } from './delivery.ts';
import { type EventEnvelope, readEnvelope } from './events.ts';
import { type Listeners, selfIn } from './listeners.ts';

/** An object as Slack sent it. */
type Body = Readonly<Record<string, unknown>>;

/** A request of Slack's, by whichever transport. */
export type SlackRequest = {
  readonly body: Body;
  /** Says that it has come in; what Slack shows at once goes with it. */
  readonly acknowledge: (response?: object) => Promise<void>;
};

const text = optional(z.string().min(1));
/** What is the same in requests of all types. */
const headSchema = z.object({
  /** Of an interaction; Slack gives no two the same. */
  trigger_id: text,
  type: text,
  team_id: text,
  command: text,
  /** In seconds, of shortcuts; of buttons it is in the action. */
  action_ts: text,
  actions: listOf(z.object({ action_ts: text })),
  view: optional(z.object({ id: text })),
  /** There is one in what the Events API sends. */
  event: optional(z.object({ type: text })),
});
type Head = z.output<typeof headSchema>;
const readHead = (body: Body): Head => headSchema.parse(withoutNulls(body));

/** What an interaction is known by; undefined for what is none. */
const idOf = ({ trigger_id: trigger, view, type = '' }: Head): string | undefined =>
  trigger ?? (view?.id === undefined ? undefined : `${type}:${view.id}`);

/** What was noted of a request; null where the disk has damaged it. */
const readNoted = (noted: string): Body | null => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(noted));
  } catch {
    return null;
  }
};

/** Of what type a request is, for the log. */
const typeOf = ({ event, type, command }: Head): string =>
  event?.type ?? type ?? (command === undefined ? 'a request of no known type' : 'slash_command');

/**
 * Receives what both transports bring, and hands it to Bolt. Bolt acknowledges events before any listener runs; here
 * they have been noted in the inbox by then, and what this process does not get done the next one does.
 * @param options.signal aborted: this process stops, and leaves to the next one what it has not done
 */
export const createReceiver = ({
  listeners,
  inbox,
  boundary,
  clock,
  log,
  observe,
  signal,
}: {
  readonly listeners: Listeners;
  readonly inbox: EventInbox;
  readonly boundary: EventBoundary;
  readonly clock: Clock;
  readonly log: AppLog;
  readonly observe: (event: PlatformEvent) => void;
  readonly signal: AbortSignal;
}) => {
  /** Requests that Slack waits for. */
  const unanswered = new Set<Promise<void>>();
  let app: App | null = null;

  const process = async (body: Body, delivery: Delivery): Promise<void> => {
    if (!app) throw new Error('no app has been made with this receiver');
    await app.processEvent({
      ...{ body, customProperties: { delivery } },
      ack: (response) => delivery.refuse(response),
    });
  };

  /** It went wrong because this process stops. */
  const isStopped = (failure: unknown): boolean =>
    signal.aborted || (failure instanceof GramzoomError && failure.code === 'stopping');

  /**
   * It has been dealt with, well or badly. Where this process stops, or no listener could be asked, it is left to the
   * next one.
   */
  const finish = async (id: string, failure?: unknown): Promise<void> => {
    const isLeft = failure instanceof AuthorizationError || isStopped(failure);
    if (failure === undefined || !isLeft) await inbox.finish('slack', id);
  };

  /** Deals with what is in the inbox. */
  const deal = async (body: Body, delivery: Delivery): Promise<void> => {
    try {
      await process(body, delivery);
    } catch (error) {
      await finish(delivery.id, error);
      if (isStopped(error)) return;
      throw error;
    }
    await finish(delivery.id);
  };

  const isOfConcern = (envelope: EventEnvelope): boolean => {
    const { type } = envelope.event;
    if (Object.hasOwn(listeners.departures, type)) return true;
    if (!Object.hasOwn(listeners.events, type)) return false;
    return listeners.events[type]?.concerns(envelope.event, selfIn(envelope)) ?? false;
  };

  /** @param seconds since 1970, when somebody did it */
  const heard = (seconds: number): void => {
    const lagSeconds = Math.max(0, clock.wallTime() / 1000 - seconds);
    observe({ kind: 'heard', platform: 'slack', lagSeconds });
  };

  const takeEvent = async ({ body, acknowledge }: SlackRequest): Promise<void> => {
    let envelope: EventEnvelope;
    try {
      envelope = readEnvelope(body);
      if (!isOfConcern(envelope)) return await acknowledge();
    } catch (error) {
      // Sent again it would be no easier to read.
      await acknowledge();
      throw error;
    }
    const { event_id: id, event_time: seconds } = envelope;
    if (seconds !== undefined) heard(seconds);
    const isNew = await inbox.add('slack', { id, body: JSON.stringify(body) });
    await acknowledge();
    if (isNew) await deal(body, acceptedDelivery(id, { isReplay: false }));
  };

  const takeInteraction = async ({ body, acknowledge }: SlackRequest): Promise<void> => {
    const heardAt = clock.now();
    const head = readHead(body);
    const id = idOf(head);
    if (id === undefined) {
      if (head.type === 'app_rate_limited')
        log.warn('slack: a workspace has more than 30,000 events an hour, and some are left out', {
          team: head.team_id,
        });
      return await acknowledge();
    }
    const seconds = Number(head.action_ts ?? head.actions[0]?.action_ts);
    if (Number.isFinite(seconds)) heard(seconds);
    const answer = async (response?: object): Promise<void> => {
      await acknowledge(response);
      observe({ kind: 'acknowledged', platform: 'slack', seconds: (clock.now() - heardAt) / 1000 });
    };
    const delivery = openDelivery({ id, body: JSON.stringify(body) }, { inbox, answer });
    try {
      await process(body, delivery);
    } catch (error) {
      if (delivery.isAccepted()) {
        await finish(id, error);
        if (isStopped(error)) return;
      }
      // Not acknowledged where it was not accepted: then Slack says that it failed, and leaves a form open.
      throw error;
    }
    await delivery.refuse();
    if (delivery.isAccepted()) await finish(id);
  };

  /** Takes a request. Resolves once it has been acknowledged, or never will be. */
  const take = async ({ body, acknowledge }: SlackRequest): Promise<void> => {
    if (signal.aborted) return;
    const answered = Promise.withResolvers<void>();
    const request: SlackRequest = {
      body,
      acknowledge: async (response) => {
        try {
          await acknowledge(response);
        } catch (error) {
          // Slack sends an event again; whoever pressed a button sees that it failed, though it has not.
          log.info('slack: could not acknowledge a request', { error: toGramzoomError(error) });
        }
        answered.resolve();
      },
    };
    const { event, ...others } = readHead(body);
    boundary.handle(typeOf({ event, ...others }), body, () =>
      (event ? takeEvent(request) : takeInteraction(request)).finally(answered.resolve),
    );
    unanswered.add(answered.promise);
    await answered.promise;
    unanswered.delete(answered.promise);
  };

  /** Deals with what an earlier process has accepted and not got done. */
  const replay = async (): Promise<void> => {
    const pending = await inbox.pending('slack');
    if (pending.length > 0) log.info('slack: resuming what was not dealt with', { requests: pending.length });
    for (const { id, body: noted } of pending) {
      const delivery = acceptedDelivery(id, { isReplay: true });
      const body = readNoted(noted);
      if (!body) {
        log.error('slack: what was noted of a request is damaged, and is left out', { id });
        await inbox.finish('slack', id);
        continue;
      }
      boundary.handle(typeOf(readHead(body)), body, () => deal(body, delivery));
    }
  };

  return {
    take,
    replay,
    /** Until Slack waits for no answer any more. */
    answered: async (): Promise<void> => void (await Promise.all(unanswered)),
    /** What Bolt asks of a receiver. The transports are started and stopped by whoever has made them. */
    bolt: {
      init: (made) => {
        app = made;
      },
      start: replay,
      stop: () => boundary.settled(),
    } satisfies Receiver,
  };
};

export type SlackReceiver = ReturnType<typeof createReceiver>;
