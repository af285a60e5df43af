import QuickLRU from 'quick-lru';
import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';
import type { JobId } from '../../domain/job.ts';
import { wordsFor } from '../../messages/languages.ts';
import { createLineLimit } from '../shared/event-boundary.ts';
import { appHomeView } from './app-home-view.ts';
import { openDirectChannel } from './direct-channel.ts';
import type { HomeOpenedEvent } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { channelAndTs, originOf, type SlackPlace } from './place.ts';

type Who = Pick<SlackPlace, 'tenant' | 'team' | 'user'>;

/** The first tab of the app, which each person sees with their own. */
export type AppHome = {
  readonly opened: Handler<HomeOpenedEvent>;
  /**
   * Shows somebody how it stands now. Where Slack does not take it, that is logged.
   * @param options.notice what came of the button that they pressed there
   */
  publish(who: Who, options?: { readonly notice?: string | null }): Promise<void>;
};

/** Whether it is about the tab with the films, and not the one with the messages. */
export const isHomeTab = ({ tab }: HomeOpenedEvent): boolean => tab === undefined || tab === 'home';

const mostLinks = 5_000;
const mostPeople = 5_000;

export const createAppHome = ({
  renders,
  tenants,
  people,
  clock,
  log,
}: Pick<HandlerDeps, 'renders' | 'tenants' | 'people' | 'clock' | 'log'>): AppHome => {
  // What was asked for later is shown later.
  const turns = new KeyedMutex();
  /** Addresses of messages, which stay as they are. */
  const links = new QuickLRU<string, string>({ maxSize: mostLinks });
  /** Conversations with people, by both. */
  const directs = new QuickLRU<string, string>({ maxSize: mostPeople });
  const lineLimit = createLineLimit(clock);

  /** Null where none can be opened. */
  const directWith = async (who: Who): Promise<string | null> => {
    const key = `${who.tenant}/${who.user}`;
    const known = directs.get(key);
    if (known !== undefined) return known;
    try {
      const channel = await openDirectChannel(tenants, who);
      directs.set(key, channel);
      return channel;
    } catch {
      return null;
    }
  };

  /** Null where there is no message, or Slack does not tell. */
  const linkTo = async (id: JobId, tenant: string): Promise<string | null> => {
    const message = await renders.shownAt(id);
    if (message?.platform !== 'slack') return null;
    const known = links.get(message.ref);
    if (known !== undefined) return known;
    try {
      const { channel, ts } = channelAndTs(message);
      const { answers } = await tenants.clients(tenant);
      const { permalink } = await answers.chat.getPermalink({ channel, message_ts: ts });
      if (permalink === undefined) return null;
      links.set(message.ref, permalink);
      return permalink;
    } catch {
      return null;
    }
  };

  const show = async (who: Who, notice: string | null): Promise<void> => {
    const { tenant, user } = who;
    const actor = originOf(who);
    const { locale } = await people.of(who);
    const own = await renders.mine(actor);
    const [mine, queue, erasable, direct] = await Promise.all([
      Promise.all(own.map(async (render) => ({ render, link: await linkTo(render.id, tenant) }))),
      renders.queue(),
      renders.erasable('everything', actor),
      directWith(who),
    ]);
    const view = appHomeView(
      { mine, queue, erasable, notice, direct },
      { words: wordsFor(locale), now: clock.wallTime() },
    );
    const { answers } = await tenants.clients(tenant);
    await answers.views.publish({ user_id: user, view });
  };

  const publish: AppHome['publish'] = (who, { notice = null } = {}) =>
    turns.run(`${who.tenant}/${who.team}/${who.user}`, async () => {
      try {
        await show(who, notice);
      } catch (error) {
        const others = lineLimit('home');
        if (others !== null) log.warn('slack: failed to show an App Home', { error, others });
      }
    });

  return {
    opened: ({ body: { user }, installation: { tenant }, team }) => publish({ tenant, team, user }),
    publish,
  };
};
