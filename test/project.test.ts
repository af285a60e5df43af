import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { filmTable, textureTable, withOptionsTables } from '../docs/options-table.ts';
import manifest from '../package.json' with { type: 'json' };
import { flagName } from '../src/command-line/flags.ts';
import { texture } from '../src/domain/kinds/texture.ts';
import { zoom } from '../src/domain/kinds/zoom.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = globSync(['*.md', 'docs/**/*.md', 'networks/**/*.md'], { cwd: root }).sort();

describe('the README', () => {
  it('has the tables of options that the schemas give', () => {
    const readme = read('README.md');
    expect(withOptionsTables(readme), 'run node docs/write-options.ts').toBe(readme);
  });

  it('lists every option but the format, which the name of the file tells', () => {
    const rows = filmTable().split('\n').slice(2);
    expect(rows).toHaveLength(zoom.fields.length - 1);
    expect(rows[0]).toBe(
      '| `--size` | `256` | 64 to 512, a multiple of 16 | width and height in pixels; with aspect photo, the same area |',
    );
    expect(rows.at(-1)).toContain('`--max-bytes`');
  });

  it('lists what differs for a texture, and names what does not', () => {
    const readme = read('README.md');
    const sentence = readme.slice(readme.indexOf('-- texture PHOTO'), readme.indexOf('options of texture:'));
    for (const { name } of texture.fields.filter(({ name }) => name !== 'format')) {
      const flag = flagName(name);
      expect(sentence.includes(`\`${flag}\``), flag).toBe(!textureTable().includes(`| \`${flag}\` |`));
    }
  });
});

describe('the documentation', () => {
  it.each(pages)('%s names only npm scripts that exist', (page) => {
    const named = read(page).matchAll(/npm run ([\w:-]+)/g);
    const scripts = Object.keys(manifest.scripts);
    expect([...named].map(([, name]) => name).filter((name) => !scripts.includes(name ?? ''))).toEqual([]);
  });

  it.each(pages)('%s links only to files that exist', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    const local = links.filter((link) => !/^(?:https?:|#)/.test(link)).map((link) => link.replace(/#.*/, ''));
    expect(local.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});

describe('the guide to contributing', () => {
  const guide = read('CONTRIBUTING.md');
  const chapter = guide.slice(guide.indexOf('## Adding things'), guide.indexOf('### Smaller things'));
  const sections = chapter
    .split('### ')
    .slice(1)
    .map((text) => ({ title: text.split('\n')[0] ?? '', text }));

  it('tells how to add each thing that will be added often', () => {
    expect(sections.map(({ title }) => title)).toEqual([
      ...['A chat platform', 'A kind of render', 'A subject with messages and buttons', 'A command'],
      ...['An option', 'An engine', 'A language', 'Something to store', 'Another database'],
    ]);
  });

  /** Where five do not suffice; new files count as well. */
  const most: Readonly<Record<string, number>> = {
    'A chat platform': 7,
    'A kind of render': 6,
    'A language': 7,
    'Something to store': 8,
  };

  it.each(sections)('names all files, five in most cases, and a proof for: $title', ({ title, text }) => {
    const [steps = '', proof = ''] = text.split('Proof: ');
    const files = [...steps.matchAll(/[`(]((?:src|commands|test|docs|\.env)[\w./-]+)[`)]/g)].map(
      ([, file = '']) => file,
    );
    // A folder that is named as the place of a new file is no file, a new platform's folder is like one.
    const touched = new Set(files.filter((file) => /\.\w+$/.test(file) || file.includes('NAME')));
    expect(steps.match(/^\d\./gm)?.length).toBeGreaterThan(2);
    expect(touched.size).toBeGreaterThan(2);
    expect(touched.size).toBeLessThanOrEqual(most[title] ?? 5);
    expect([...proof.matchAll(/\]\((test\/[^)]+)\)/g)].length).toBeGreaterThan(0);
  });
});

describe('the history', () => {
  const log = spawnSync('git', ['log', '-40', '--no-merges', '--format=%s'], { cwd: root, encoding: 'utf8' });

  it.skipIf(log.status !== 0)('has no commits that are half done', () => {
    const subjects = log.stdout.trim().split('\n');
    expect(
      subjects.filter((subject) => /^(?:wip\b|tmp\b|todo\b|fixup!|squash!|amend!)/i.test(subject)),
    ).toEqual([]);
  });
});

describe('the titles of tests', () => {
  /** Words that a sentence does not begin with: a title that does is half of one. */
  const fragment =
    /^(?:%[sidj]$|(?:of|with|that|whose|and|by|in|to|where|from|on|at|for|after|before|without|while|unless|but) )/;
  const titles =
    /(?:\bit(?:\.\w+)*|[\])](?: as const)?\))\(\s*(['"`])((?:\\.|(?!\1)[^\n])+)\1,\s*(?:async )?\(/g;

  it('are sentences that can be read alone', () => {
    const files = globSync('test/**/*.test.ts', { cwd: root });
    const found = files.flatMap((file) =>
      [...read(file).matchAll(titles)].map(([, , title = '']) => `${file}: ${title}`),
    );
    expect(found.length).toBeGreaterThan(1000);
    expect(found.filter((line) => fragment.test(line.replace(/^.*?: /, '')))).toEqual([]);
  });
});
