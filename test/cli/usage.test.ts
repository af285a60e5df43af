import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { zoom } from '../../src/domain/kinds/zoom.ts';
import { en } from '../../src/messages/en.ts';
import { runCommandLine, samplePhoto } from '../support/command-line.ts';

describe('gramzoom', () => {
  it('prints its version', async () => {
    expect(await runCommandLine(['--version'])).toEqual({
      status: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
  });

  it('prints help with every flag, its limits and its default', async () => {
    const { status, stdout } = await runCommandLine(['render', '--help']);
    expect(status).toBe(0);
    const words = stdout.replaceAll(/\s+/g, ' ');
    for (const { name, default: fallback } of zoom.fields.filter(({ name }) => name !== 'format')) {
      expect(words).toContain(`--${name === 'maxBytes' ? 'max-bytes' : name} <`);
      if (fallback !== undefined) expect(words).toContain(`default: ${fallback}]`);
    }
    expect(words).toContain('[64 to 512; a multiple of 16; default: 256]');
    expect(words).toContain('[texture, style or scene; default: style]');
    for (const [depth, sentence] of Object.entries(en.depths)) {
      expect(words).toContain(` ${depth} ${sentence} `);
    }
    for (const [quality, sentence] of Object.entries(en.qualities)) {
      expect(words).toContain(` ${quality} ${sentence} `);
    }
    expect(words).toContain('optimisation steps per frame [1 to 40; default: 1, 3 or 6 by quality]');
    expect(words).toContain('instead of frames [0.16 to 240; default: frames / fps]');
    expect(words).toContain('--poster <file>');
    expect(words).toContain('gramzoom render cat.jpg --out zoom.gif');
    expect(words).not.toContain('--format');
  });
});

const render = (...args: readonly string[]) => ['render', samplePhoto, ...args];

describe('what cannot be understood', () => {
  it.each([
    ['nothing', [], 'Say what to do, such as gramzoom render cat.jpg --out zoom.gif; see gramzoom --help.'],
    [
      'an unknown command',
      ['rendr'],
      "Unknown command 'rendr' (Did you mean render?); see gramzoom render --help.",
    ],
    [
      'no photo',
      ['render', '--out', 'a.gif'],
      "Missing required argument 'photo'; see gramzoom render --help.",
    ],
    ['no output', render(), "Required option '--out <file>' not specified; see gramzoom render --help."],
    [
      'an unknown flag',
      render('--out', 'a.gif', '--frame', '9'),
      "Unknown option '--frame' (Did you mean --frames?); see gramzoom render --help.",
    ],
    [
      'a flag without its value',
      render('--out'),
      "Option '--out <file>' argument missing; see gramzoom render --help.",
    ],
    [
      'a size out of range',
      render('--out', 'a.gif', '--size', '1000'),
      '--size takes a multiple of 16 from 64 to 512, not 1000.',
    ],
    [
      'a size that is no number',
      render('--out', 'a.gif', '--size', 'big'),
      '--size takes a multiple of 16 from 64 to 512, not big.',
    ],
    [
      'a blank number',
      render('--out', 'a.gif', '--frames', ''),
      '--frames takes a whole number from 8 to 240, not "".',
    ],
    [
      'half a frame',
      render('--out', 'a.gif', '--frames', '9.5'),
      '--frames takes a whole number from 8 to 240, not 9.5.',
    ],
    [
      'a negative seed',
      render('--out', 'a.gif', '--seed=-1'),
      '--seed takes a whole number from 0 to 4294967295, not -1.',
    ],
    [
      'a duration that is too long',
      render('--out', 'a.gif', '--duration', '20', '--fps', '25'),
      '--duration takes seconds from 0.32 to 9.6 at 25 frames per second, not 20.',
    ],
    [
      'a duration beside frames',
      render('--out', 'a.gif', '--duration', '2', '--frames', '40'),
      'Give --duration or --frames, not both: one follows from the other.',
    ],
    [
      'an unknown quality',
      render('--out', 'a.gif', '--quality', 'best'),
      '--quality takes one of draft, standard, fine, not best.',
    ],
    [
      'an unknown direction',
      render('--out', 'a.gif', '--direction', 'up'),
      '--direction takes one of in, out, not up.',
    ],
    [
      'a budget without a unit',
      render('--out', 'a.gif', '--max-bytes', '10 apples'),
      '--max-bytes takes a size such as 10MB, at least 20 kB, not "10 apples".',
    ],
    [
      'an unknown kind of file',
      render('--out', 'film.avi'),
      'film.avi cannot be written: choose a name that ends in .gif, .webp, .mp4 or .png.',
    ],
  ])('%s gives one sentence on standard error, exit 2', async (_what, args, sentence) => {
    expect(await runCommandLine(args)).toEqual({ status: 2, stdout: '', stderr: `${sentence}\n` });
  });

  it('names a setting of the environment that is wrong', async () => {
    const ran = await runCommandLine(render('--out', 'a.gif'), { environment: { ENGINE: 'abacus' } });
    expect(ran).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'The setting ENGINE takes one of auto, onnx:cpu, not abacus: correct it in the environment or in .env.\n',
    });
  });

  it('shows the stack and the cause with --verbose', async () => {
    const { status, stderr } = await runCommandLine(render('--out', 'no/such/folder/a.gif', '--verbose'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^The folder no\/such\/folder does not exist: create it first\.\n/);
    expect(stderr).toContain('    at ');
    expect(stderr).toContain('[cause]');
  });
});
