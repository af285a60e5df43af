import { describe, expect, it } from 'vitest';
import { exitOnAuthFailure } from '../../src/command-line/bot-command.ts';
import { GramzoomError } from '../../src/domain/errors.ts';
import { runCommandLine } from '../support/command-line.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const id = '123456789012345678';
const token = `${Buffer.from(id).toString('base64')}.abcdef.a-secret-of-the-bot`;

describe('gramzoom discord invite', () => {
  it('prints the link and what it asks for', async () => {
    const ran = await runCommandLine(['discord', 'invite'], { environment: { DISCORD_TOKEN: token } });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toContain(`client_id=${id}`);
    expect(ran.stdout).toContain('2252109051432000');
    expect(ran.stdout).not.toContain('secret');
  });

  it('prints one line of JSON', async () => {
    const ran = await runCommandLine(['discord', 'invite', '--application', id, '--json']);
    expect(JSON.parse(ran.stdout)).toEqual({
      url: expect.stringContaining(`client_id=${id}`),
      permissions: '2252109051432000',
    });
  });

  it.each([
    ['without a token', [], {}, /^No application known: set DISCORD_TOKEN .*\n$/],
    [
      'with a token that is none',
      [],
      { DISCORD_TOKEN: 'secret' },
      /^DISCORD_TOKEN is not the token of a bot: .*\n$/,
    ],
    ['with an id that is none', ['--application', 'x'], {}, /^The id of an application is a number .*\n$/],
  ] as const)('says what is wrong %s', async (_, args, environment, words) => {
    const ran = await runCommandLine(['discord', 'invite', ...args], { environment });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toMatch(words);
    expect(ran.stderr).not.toContain('secret');
  });
});

describe('a bot that Discord does not let in', () => {
  const scene = () => {
    const clock = createFakeClock();
    const said: string[] = [];
    const statuses: number[] = [];
    return {
      clock,
      said,
      statuses,
      parts: {
        clock,
        say: ({ code }: GramzoomError) => void said.push(code),
        exit: (status: number) => void statuses.push(status),
      },
    };
  };

  it.each([
    new GramzoomError('token-refused', { platform: 'Discord', key: 'DISCORD_TOKEN', advice: 'copy it' }),
    new GramzoomError('setup-refused', { platform: 'Discord', advice: 'undo it' }),
  ])('says so at once and ends 30 seconds later with status 1 ($code)', async (error) => {
    const { clock, said, statuses, parts } = scene();
    const ended = exitOnAuthFailure(error, parts);
    expect(said).toEqual([error.code]);
    clock.advance(29_999);
    expect(statuses).toEqual([]);
    clock.advance(1);
    expect(await ended).toBe(true);
    expect(statuses).toEqual([1]);
  });

  it('is not meant where something else is wrong', async () => {
    const { said, statuses, parts } = scene();
    expect(await exitOnAuthFailure(new GramzoomError('stopping', {}), parts)).toBe(false);
    expect([said, statuses]).toEqual([[], []]);
  });
});
