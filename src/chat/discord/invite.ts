import { PermissionsBitField } from 'discord.js';
import { invitedPermissions } from './permissions.ts';

const id = /^\d{17,20}$/;

/** Whether a text is an id as Discord makes them today. */
export const isId = (text: string): boolean => id.test(text);

/** The id of the application that a bot's token belongs to; undefined where it is no such token. */
export const applicationOf = (token: string): string | undefined => {
  const [first = ''] = token.split('.');
  const decoded = Buffer.from(first, 'base64').toString('latin1');
  return isId(decoded) ? decoded : undefined;
};

/** What the link asks for, as Discord's number. */
export const invitedBits: bigint = PermissionsBitField.resolve([...invitedPermissions]);

/** The link that lets the bot into a server, with its commands. */
export const inviteUrl = (application: string): string =>
  `https://discord.com/oauth2/authorize?${new URLSearchParams({
    client_id: application,
    scope: 'bot applications.commands',
    permissions: String(invitedBits),
  })}`;
