import type { DiscordAddress } from '../chat/discord/discord-chat.ts';
import type { ChatPlatform, PlatformDeps } from '../chat/platform.ts';
import { createWebChat } from '../chat/web/web-chat.ts';
import type { Config } from '../config.ts';

/** Makes the platforms that a bot is on; requests over HTTP are offered to them in this order. */
export type OpenPlatforms = (config: Config, deps: PlatformDeps) => Promise<readonly ChatPlatform[]>;

/**
 * The platforms that are configured. A new one is a folder in src/chat, its keys in the configuration, and a line here.
 * @param options.discord where Discord is, for tests
 */
export const openPlatforms = async (
  config: Config,
  deps: PlatformDeps,
  { discord = {} }: { readonly discord?: DiscordAddress } = {},
): Promise<readonly ChatPlatform[]> => {
  const platforms: ChatPlatform[] = [];
  if (config.discordToken !== null) {
    // Only those who are on Discord pay for loading its library.
    const { createDiscordChat } = await import('../chat/discord/discord-chat.ts');
    platforms.push(createDiscordChat({ ...deps, ...discord, token: config.discordToken }));
  }
  const isShown = config.web === 'on' || (config.web === 'auto' && platforms.length === 0);
  // The last one, since it answers every path. Without its page it still says what it owes to people in its rooms.
  platforms.push(createWebChat({ ...deps, host: config.host, publicUrl: config.publicUrl, isShown }));
  return platforms;
};
