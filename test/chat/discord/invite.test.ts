import { describe, expect, it } from 'vitest';
import { applicationOf, invitedBits, inviteUrl } from '../../../src/chat/discord/invite.ts';

describe('the link that invites the bot', () => {
  it('asks for these permissions and no others', () => {
    expect(invitedBits).toBe(2_252_109_051_432_000n);
  });

  it('names the application, and lets commands in', () => {
    expect(inviteUrl('123456789012345678')).toBe(
      'https://discord.com/oauth2/authorize?client_id=123456789012345678&scope=bot+applications.commands&permissions=2252109051432000',
    );
  });

  it('finds the application in a token', () => {
    const token = `${Buffer.from('123456789012345678').toString('base64')}.abcdef.secret`;
    expect(applicationOf(token)).toBe('123456789012345678');
    for (const wrong of ['', 'a-bot.token', 'AAAA.b.c', `${Buffer.from('no id').toString('base64')}.b.c`]) {
      expect(applicationOf(wrong)).toBeUndefined();
    }
  });
});
