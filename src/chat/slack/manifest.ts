import {
  commandNames,
  contestVerbs,
  contestWord,
  isContestCommand,
  kindCommands,
} from '../../domain/command-name.ts';
import { kindNames, kinds } from '../../domain/kinds.ts';
import { en } from '../../messages/en.ts';
import { publicAddress } from './http-paths.ts';
import { appName, shortcutId } from './names.ts';
import { botScopes } from './scopes.ts';

/** What Slack tells the bot of. */
export const botEvents = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'channel_deleted',
  'file_deleted',
  'group_deleted',
  'message.im',
  'reaction_added',
  'reaction_removed',
  'team_access_revoked',
  'tokens_revoked',
] as const;

/** How the app is reached. */
export type ManifestAddresses = {
  /** Where Slack sends everything by HTTP, such as `https://zoom.example.org`; null: Socket Mode. */
  readonly http: string | null;
  /** Where workspaces install it; null: it is installed by hand in one. */
  readonly install: string | null;
};

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const usageHint = [
  ...commandNames.filter(
    (name) => !isContestCommand(name) && !(kindCommands as readonly string[]).includes(name),
  ),
  'size:256',
].join(' | ');

const longDescription = [
  'Gramzoom reads what a photo is made of (its colours, its textures, its eyes and whiskers) and grows a looping film from noise that keeps diving into more of it and never arrives.',
  'Use /gramzoom, the shortcut on a message with a photo, mention it with a photo, or send it one. It tells you your place in the queue, shows the picture growing in a thread, and answers with a GIF.',
  'Under it, a die makes another one with a new seed.',
].join('\n\n');

/** The app as Slack's pages take it: `From a manifest`, in JSON. */
export const createManifest = ({ http, install }: ManifestAddresses) => {
  const request = http === null ? {} : { request_url: publicAddress(http, 'events') };
  return {
    display_information: {
      name: appName,
      description: `${capitalised(en.kinds.zoom.command.description)}.`,
      long_description: longDescription,
      background_color: '#2b2140',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: appName, always_online: true },
      shortcuts: [
        {
          name: appName,
          type: 'message',
          callback_id: shortcutId,
          description: `${capitalised(en.kinds.zoom.command.description)}.`,
        },
      ],
      slash_commands: [
        ...kindNames.map((kind) => ({
          command: `/${kinds[kind].command}`,
          description: capitalised(en.kinds[kind].command.description),
          usage_hint: usageHint,
        })),
        {
          command: `/${contestWord}`,
          description: capitalised(en.contestCommand.description),
          usage_hint: contestVerbs.join(' | '),
        },
      ].map((command) => ({
        ...command,
        ...(http !== null && { url: publicAddress(http, 'events') }),
        should_escape: false,
      })),
    },
    oauth_config: {
      ...(install !== null && { redirect_urls: [publicAddress(install, 'oauthRedirect')] }),
      scopes: { bot: botScopes },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: botEvents },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: true,
      socket_mode_enabled: http === null,
      token_rotation_enabled: false,
    },
  };
};
