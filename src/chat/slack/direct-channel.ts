import { GramzoomError } from '../../domain/errors.ts';
import type { SlackPlace } from './place.ts';
import { translated } from './slack-errors.ts';
import type { Tenants } from './tenants.ts';

/**
 * The conversation with the bot alone. Asked again it is the same.
 * @throws GramzoomError `chat-gone`, `chat-unreachable`, `permissions-missing`
 */
export const openDirectChannel = async (
  tenants: Pick<Tenants, 'clients'>,
  { tenant, user }: Pick<SlackPlace, 'tenant' | 'user'>,
): Promise<string> => {
  const { answers } = await tenants.clients(tenant);
  const { channel } = await translated(() => answers.conversations.open({ users: user }));
  if (channel?.id === undefined) throw new GramzoomError('chat-gone', { platform: 'Slack' });
  return channel.id;
};
