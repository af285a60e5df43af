import type { ChatWords } from '../../messages/chat-words.ts';
import type { DiscordPermission } from './permissions.ts';

type Names = Readonly<Record<DiscordPermission, string>>;

const english: Names = {
  'view-channel': 'View Channels',
  'send-messages': 'Send Messages',
  'send-messages-in-threads': 'Send Messages in Threads',
  'attach-files': 'Attach Files',
  'read-message-history': 'Read Message History',
};

/** As Discord calls them where people grant them; a language that is not here has the English names. */
const names: Readonly<Record<string, Names>> = {
  en: english,
  de: {
    'view-channel': 'Kanäle ansehen',
    'send-messages': 'Nachrichten senden',
    'send-messages-in-threads': 'Nachrichten in Threads senden',
    'attach-files': 'Dateien anhängen',
    'read-message-history': 'Nachrichtenverlauf anzeigen',
  },
};

/** What Discord calls a permission in a language; names that it does not know stay as they are. */
export const permissionNamer =
  ({ language }: Pick<ChatWords, 'language'>) =>
  (permission: string): string => {
    const known = names[language] ?? english;
    return Object.hasOwn(known, permission) ? known[permission as DiscordPermission] : permission;
  };
