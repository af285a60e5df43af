import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { refuseBotOptions } from '../../src/command-line/bot-options.ts';
import { eatenOptions } from '../../src/command-line/eaten-options.ts';
import { readInvocation } from '../../src/command-line/invocation.ts';
import { buildProgram } from '../../src/command-line/program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = buildProgram({
  bot: () => Promise.reject(new Error('not in this test')),
  signal: new AbortController().signal,
  invocation: readInvocation({}),
});

/** What npm makes of `--out zoom.gif --max-bytes=9MB`: words that stay, and its own settings. */
const eaten = (words: string, kept: Readonly<Record<string, string>>) =>
  eatenOptions(
    program,
    words.split(' '),
    Object.fromEntries(Object.entries(kept).map(([key, value]) => [`npm_config_${key}`, value])),
  );

describe('options that npm keeps for itself', () => {
  it.each([
    ['render cat.jpg zoom.gif', { out: 'true' }, 'render cat.jpg --out zoom.gif'],
    ['render cat.jpg', { out: 'zoom.gif' }, 'render cat.jpg --out zoom.gif'],
    ['render zoom.gif docs/sample.png', { out: 'true' }, 'render docs/sample.png --out zoom.gif'],
    ['render cat.jpg zoom.gif 7 64', { out: 'true', size: 'true', seed: 'true' }],
    ['render - zoom.gif 10MB', { out: 'true', max_bytes: 'true', json: 'true' }],
    ['render cat.jpg --out zoom.gif', { seed: '7' }, 'render cat.jpg --out zoom.gif --seed 7'],
    ['render my_cat.jpg a.gif a.png', { out: 'true', poster: 'true', loglevel: 'verbose' }],
    ['networks', { json: 'true' }, 'networks --json'],
    ['networks fetch vgg19', { json: 'true' }, 'networks fetch vgg19 --json'],
    ['discord invite 123456789012345678', { application: 'true' }],
    ['backup copy', { json: 'true' }, 'backup copy --json'],
  ])('are told from %s and %j', (words, kept, typed?: string) => {
    const others: Readonly<Record<string, string>> = {
      'render cat.jpg zoom.gif 7 64': 'render cat.jpg --out zoom.gif --size 64 --seed 7',
      'render - zoom.gif 10MB': 'render - --out zoom.gif --max-bytes 10MB --json',
      'render my_cat.jpg a.gif a.png': 'render my_cat.jpg --out a.gif --poster a.png --verbose',
      'discord invite 123456789012345678': 'discord invite --application 123456789012345678',
    };
    expect(eaten(words, kept)?.typed).toBe(typed ?? others[words]);
  });

  it('leave a gap where it cannot be told which value was whose', () => {
    expect(eaten('render cat.jpg zoom.gif 64 80', { out: 'true', size: 'true', frames: 'true' })?.typed).toBe(
      'render cat.jpg --out zoom.gif --size <n> --frames <n>',
    );
  });

  it.each([
    ['what npm talks more with alone', 'networks', { loglevel: 'verbose' }],
    ['what people have set for npm, where dashes were typed', 'render a.jpg --out a.gif', { json: 'true' }],
    ['what another command would take', 'networks', { out: 'true' }],
    ['what is switched off', 'networks', { json: '' }],
  ])('are not %s', (_what, words, kept) => {
    expect(eaten(words, kept)).toBeUndefined();
  });

  it.each([
    [['3'], { npm_config_port: 'true' }, 'set PORT=3 in'],
    [[], { npm_config_port: '3' }, 'set PORT=3 in'],
    [['1', '2'], { npm_config_port: 'true', npm_config_host: 'true' }, 'set HOST and PORT in'],
    [['x'], { npm_config_discord_token: 'true' }, 'set DISCORD_TOKEN in'],
    [['--data-dir', '/x', '--threads=2'], {}, 'set DATA_DIR=/x and THREADS=2 in'],
    [['now'], {}, 'its settings are read from'],
  ])('are settings of the bot: %j and %j', (args, kept, words) => {
    const invocation = { ...readInvocation({}), kept, start: 'npm start' };
    expect(() => refuseBotOptions(args, invocation)).toThrow(
      expect.objectContaining({ data: { problem: expect.stringContaining(words) } }),
    );
  });

  const npm = (...args: readonly string[]) => {
    const { PATH, HOME } = process.env;
    const { status, stderr } = spawnSync('npm', [...args], {
      cwd: root,
      encoding: 'utf8',
      env: { HOME, PATH, npm_config_update_notifier: 'false' },
    });
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm '));
    return { status, lines };
  };

  it('make npm run end with the line that should have been typed', () => {
    expect(npm('run', '-s', 'gramzoom', 'render', 'docs/sample.png', '--out', 'zoom.gif')).toEqual({
      status: 2,
      lines: [
        'Type "npm run gramzoom -- render docs/sample.png --out zoom.gif": npm has kept --out for itself.',
      ],
    });
    expect(npm('start', '-s', '--port', '3')).toEqual({
      status: 2,
      lines: ['The bot takes no options: set PORT=3 in the environment or in .env, then type "npm start".'],
    });
  });

  it('are none with npx, which works in a checkout as it is', () => {
    const { PATH, HOME } = process.env;
    const ran = spawnSync('npx', ['--offline', 'gramzoom', 'networks', 'fetch', '--json'], {
      cwd: root,
      encoding: 'utf8',
      env: { HOME, PATH, npm_config_update_notifier: 'false' },
    });
    expect(ran.stderr).toContain("Missing required argument 'name'; see npx gramzoom networks --help.");
    expect(ran.status).toBe(2);
  });
});

describe('the command that starts the program again', () => {
  const script = 'exec node src/launch.mjs';
  it.each([
    ['npm run', { npm_lifecycle_event: 'gramzoom', npm_lifecycle_script: script }, 'npm run gramzoom --'],
    [
      'npm start',
      { npm_lifecycle_event: 'start', npm_lifecycle_script: `${script} bot` },
      'npm run gramzoom --',
    ],
    ['npx', { npm_lifecycle_event: 'npx', npm_lifecycle_script: "'gramzoom'" }, 'npx gramzoom'],
    ['an image', { GRAMZOOM_COMMAND: 'docker run --rm gramzoom' }, 'docker run --rm gramzoom'],
    ['Node', {}, 'node src/launch.mjs'],
    [
      'Node, in a shell of some npm script',
      { npm_lifecycle_event: 'dev', npm_lifecycle_script: 'tmux' },
      'node src/launch.mjs',
    ],
  ])('is that of %s', (_what, environment, command) => {
    expect(readInvocation(environment, ['node', `${process.cwd()}/src/launch.mjs`]).gramzoom).toBe(command);
  });

  it('is its own name where it was linked into the PATH', () => {
    expect(readInvocation({}, ['node', '/usr/local/bin/gramzoom']).gramzoom).toBe('gramzoom');
  });
});
