import { PermissionFlagsBits as Bit, ChannelType, OverwriteType } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import {
  type ChannelRules,
  canOpenThread,
  fileBytesOfTier,
  missingPermissions,
  permissionsOf,
} from '../../../src/chat/discord/permissions.ts';
import { permissionNamer } from '../../../src/chat/discord/words.ts';
import type { Failure } from '../../../src/domain/errors.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';

const rules = (given: Partial<ChannelRules> = {}): ChannelRules => ({
  guild: '1',
  owner: '9',
  roles: new Map([
    ['1', Bit.ViewChannel | Bit.SendMessages],
    ['2', Bit.ManageMessages],
    ['3', Bit.Administrator],
  ]),
  overwrites: [],
  ...given,
});

const overwrite = (id: string, type: OverwriteType, { allow = 0n, deny = 0n }) => ({ id, type, allow, deny });

describe('what a member may do', () => {
  it('follows from everybody’s role and their own', () => {
    expect(permissionsOf(rules(), { user: '5', roles: [] })).toBe(Bit.ViewChannel | Bit.SendMessages);
    expect(permissionsOf(rules(), { user: '5', roles: ['2'] }) & Bit.ManageMessages).not.toBe(0n);
  });

  it('is everything for the owner and for administrators, whatever a channel says', () => {
    const overwrites = [overwrite('1', OverwriteType.Role, { deny: Bit.SendMessages })];
    for (const member of [
      { user: '9', roles: [] },
      { user: '5', roles: ['3'] },
    ]) {
      expect(permissionsOf(rules({ overwrites }), member) & Bit.SendMessages).not.toBe(0n);
    }
  });

  it('is changed by the channel: everybody first, then roles, then the person', () => {
    const overwrites = [
      overwrite('5', OverwriteType.Member, { deny: Bit.AddReactions }),
      overwrite('2', OverwriteType.Role, { allow: Bit.SendMessages | Bit.AddReactions }),
      overwrite('1', OverwriteType.Role, { deny: Bit.SendMessages }),
    ];
    const may = (member: { readonly user: string; readonly roles: readonly string[] }, bit: bigint) =>
      (permissionsOf(rules({ overwrites }), member) & bit) !== 0n;
    expect(may({ user: '4', roles: [] }, Bit.SendMessages)).toBe(false);
    expect(may({ user: '4', roles: ['2'] }, Bit.SendMessages)).toBe(true);
    expect(may({ user: '4', roles: ['2'] }, Bit.AddReactions)).toBe(true);
    expect(may({ user: '5', roles: ['2'] }, Bit.AddReactions)).toBe(false);
  });
});

describe('what the bot needs', () => {
  it('is named in the order in which people grant it', () => {
    expect(missingPermissions(0n, ChannelType.GuildText)).toEqual([
      ...['view-channel', 'send-messages', 'attach-files'],
    ]);
    expect(missingPermissions(Bit.ViewChannel | Bit.SendMessages, ChannelType.PublicThread)).toEqual([
      ...['send-messages-in-threads', 'attach-files'],
    ]);
  });

  it.each([
    [ChannelType.GuildText, true],
    [ChannelType.GuildAnnouncement, true],
    [ChannelType.GuildForum, false],
    [ChannelType.PublicThread, false],
    [ChannelType.GuildVoice, false],
    [ChannelType.DM, false],
  ])('a thread is begun only in a channel that has threads (%i: %s)', (type, expected) => {
    const granted = Bit.CreatePublicThreads | Bit.SendMessagesInThreads;
    expect(canOpenThread(granted, type)).toBe(expected);
    expect(canOpenThread(Bit.CreatePublicThreads, type)).toBe(false);
  });
});

it('files may be larger where the server is boosted', () => {
  expect([0, 1, 2, 3].map((tier) => fileBytesOfTier(tier) / 2 ** 20)).toEqual([10, 10, 50, 100]);
});

describe('missing permissions', () => {
  it('have the names that Discord gives them in the language of whoever is told', () => {
    const failure: Failure = {
      code: 'permissions-missing',
      data: { permissions: ['send-messages', 'attach-files'] },
    };
    expect(en.errorSentence(failure, { namePermission: permissionNamer(en) })).toBe(
      'I lack the permissions "Send Messages" and "Attach Files" here: whoever runs this server can grant them.',
    );
    expect(de.errorSentence(failure, { namePermission: permissionNamer(de) })).toBe(
      'Mir fehlen hier die Berechtigungen „Nachrichten senden“ und „Dateien anhängen“: Wer diesen Server verwaltet, kann sie mir geben.',
    );
    expect(permissionNamer({ language: 'fr' })('send-messages')).toBe('Send Messages');
    expect(permissionNamer(en)('fly')).toBe('fly');
  });
});
