import { z } from 'zod';
import { within } from '../../concurrency/within.ts';
import { toFailure } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { optional, withoutNulls } from '../shared/lenient.ts';
import { openDirectChannel } from './direct-channel.ts';
import type { SlackPlace } from './place.ts';
import { isError, translateError } from './slack-errors.ts';
import type { TenantClients, Tenants } from './tenants.ts';

/** Where an answer can be given to what somebody asked for in a conversation. */
export type Reached =
  /** There; or Slack has not told in time that it cannot. */
  | { readonly is: 'there' }
  /** Only once somebody has invited the bot. */
  | { readonly is: 'uninvited' }
  /** It is a conversation of people that the bot cannot join: in its own one with whoever asked. */
  | { readonly is: 'direct'; readonly channel: string };

const channelSchema = z.object({
  channel: z.object({
    is_member: optional(z.boolean()),
    is_private: optional(z.boolean()),
    is_mpim: optional(z.boolean()),
  }),
});

const isOfChannels = (scope: string): boolean => scope === 'channels:read' || scope === 'groups:read';

const there: Reached = { is: 'there' };

const joined = async ({ answers }: TenantClients, channel: string): Promise<Reached> => {
  try {
    await answers.conversations.join({ channel });
    return there;
  } catch {
    return { is: 'uninvited' };
  }
};

/** The bot asks for scopes that tell of channels: where another is missing it is a conversation of several people. */
const isOfSeveral = (error: unknown): boolean => {
  const { code, data } = toFailure(translateError(error));
  return (
    code === 'permissions-missing' &&
    data.permissions.includes('mpim:read') &&
    !data.permissions.some(isOfChannels)
  );
};

const reach = async (tenants: Pick<Tenants, 'clients'>, place: SlackPlace): Promise<Reached> => {
  const { channel } = place;
  const ownConversation = async (): Promise<Reached> => {
    const own = await openDirectChannel(tenants, place);
    return own === channel ? there : { is: 'direct', channel: own };
  };
  if (channel.startsWith('D')) return await ownConversation();
  const clients = await tenants.clients(place.tenant);
  try {
    const told = await clients.answers.conversations.info({ channel });
    const { is_member, is_private, is_mpim } = channelSchema.parse(withoutNulls(told)).channel;
    if (is_member !== false) return there;
    if (is_mpim) return await ownConversation();
    return is_private ? { is: 'uninvited' } : await joined(clients, channel);
  } catch (error) {
    if (isError(error, 'channel_not_found')) return { is: 'uninvited' };
    if (isOfSeveral(error)) return await ownConversation();
    throw error;
  }
};

/**
 * Sees to it that the bot can speak where somebody asks for something, and joins a public channel for that. Throws
 * nothing: where Slack does not tell within `withinMs`, the answer will tell.
 */
export const createReachChannel =
  ({ tenants, clock }: { readonly tenants: Pick<Tenants, 'clients'>; readonly clock: Clock }) =>
  async (place: SlackPlace, { withinMs }: { readonly withinMs: number }): Promise<Reached> => {
    const reached = reach(tenants, place).catch(() => there);
    return await within(reached, { clock, ms: withinMs, otherwise: there });
  };

export type ReachChannel = ReturnType<typeof createReachChannel>;

/** The same place, or the conversation with the bot alone. */
export const placeReached = (place: SlackPlace, reached: Reached): SlackPlace =>
  reached.is === 'direct'
    ? { ...place, channel: reached.channel, thread: null, isDirect: true, isOwnThread: false }
    : place;
