import { discordSetupWords as words } from '../chat/discord/setup-words.ts';
import { readConfig } from '../config.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { JsonFlag } from './flags.ts';

const usage = (problem: string): GramzoomError => new GramzoomError('usage', { problem });

/**
 * `gramzoom discord invite`: the link that lets the bot into a server, on standard output.
 * @throws GramzoomError `usage` where it is not known whose link it is
 */
export const inviteCommand = async ({
  application: given,
  json,
}: { readonly application?: string } & JsonFlag): Promise<void> => {
  const { discordToken } = readConfig();
  // Only those who need Discord's library pay for loading it.
  const { applicationOf, inviteUrl, invitedBits, isId } = await import('../chat/discord/invite.ts');
  if (given !== undefined && !isId(given)) throw usage(words.noId);
  if (given === undefined && discordToken === null) throw usage(words.noApplication);
  const application = given ?? applicationOf(discordToken ?? '');
  if (application === undefined) throw usage(words.noTokenId);
  const link = { url: inviteUrl(application), permissions: String(invitedBits) };
  process.stdout.write(`${json ? JSON.stringify(link) : words.link(link)}\n`);
};
