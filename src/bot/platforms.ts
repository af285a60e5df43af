import type { DiscordAddress } from '../chat/discord/discord-chat.ts';
import type { ChatPlatform, PlatformDeps } from '../chat/platform.ts';
import type { SlackAddress } from '../chat/slack/slack-chat.ts';
import { createWebChat } from '../chat/web/web-chat.ts';
import type { Config } from '../config.ts';

/** Makes the platforms that a bot is on; requests over HTTP are offered to them in this order. */
export type OpenPlatforms = (config: Config, deps: PlatformDeps) => Promise<readonly ChatPlatform[]>;

/**
 * The platforms that are configured. A new one is a folder in src/chat, its keys in the configuration, and a line here.
 * @param options where each is, for tests
 */
export const openPlatforms = async (
  config: Config,
  deps: PlatformDeps,
  { discord = {}, slack = {} }: { readonly discord?: DiscordAddress; readonly slack?: SlackAddress } = {},
): Promise<readonly ChatPlatform[]> => {
  const platforms: ChatPlatform[] = [];
  if (config.discordToken !== null) {
    // Only those who are on Discord pay for loading its library.
    const { createDiscordChat } = await import('../chat/discord/discord-chat.ts');
    platforms.push(createDiscordChat({ ...deps, ...discord, token: config.discordToken }));
  }
  if (config.slack !== null) {
    const { createSlackChat } = await import('../chat/slack/slack-chat.ts');
    platforms.push(createSlackChat({ ...deps, ...slack, ...config.slack }));
  }
  const isShown = config.web === 'on' || (config.web === 'auto' && platforms.length === 0);
  // The last one, since it answers every path. Without its page it still says what it owes to people in its rooms.
  platforms.push(createWebChat({ ...deps, host: config.host, publicUrl: config.publicUrl, isShown }));
  return platforms;
};
