import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import {
  commandNames,
  contestCommands,
  contestWord,
  firstWords,
  isContestCommand,
} from '../../src/domain/command-name.ts';
import { contestFields, entryFields } from '../../src/domain/contest/rules.ts';
import type { JobId } from '../../src/domain/job.ts';
import { zoom } from '../../src/domain/kinds/zoom.ts';
import type { MessageBody } from '../../src/domain/message.ts';
import type { ChatWords, RenderLine } from '../../src/messages/chat-words.ts';
import { de } from '../../src/messages/de.ts';
import { en } from '../../src/messages/en.ts';
import { languageOf, languages, wordsFor } from '../../src/messages/languages.ts';
import { type Named, optionOwner, optionWords } from '../../src/messages/names.ts';

const parent = 'a1b2c3d4e5' as JobId;
/** Of a film. */
const framesDone = (done: number) =>
  ({ renderKind: 'zoom', progress: { done, total: 48, unit: 'frame' } }) as const;

const bodies: readonly MessageBody[] = [
  { kind: 'fetching' },
  ...[1, 2].flatMap((position) =>
    [null, 4, 40, 600, 9000].map(
      (etaSeconds) => ({ kind: 'waiting', position, total: 5, etaSeconds }) as const,
    ),
  ),
  ...[0, 3].flatMap((done) =>
    [null, 4, 40, 600, 9000].map(
      (etaSeconds) => ({ kind: 'running', ...framesDone(done), share: 0.5, etaSeconds }) as const,
    ),
  ),
  ...[0, 3].map(
    (done) => ({ kind: 'progress', ...framesDone(done), seed: 7, network: 'pocket', parent }) as const,
  ),
  {
    ...{
      kind: 'result',
      renderKind: 'zoom',
      seed: 7,
      network: 'pocket',
      depth: 'style',
      quality: 'fine',
      sides: null,
    },
    ...{ parent, bytes: 4_100_000, renderSeconds: 31 },
  },
  { kind: 'failed', failure: { code: 'photo-heic', data: {} } },
  { kind: 'cancelled' },
  { kind: 'expired', renderKind: 'zoom' },
];

const line: RenderLine = {
  ...{ id: 'a1b2c3d4e5f6', state: 'queued', position: 2, waiting: 5, etaSeconds: 40 },
  ...{ kind: 'zoom', progress: { done: 3, total: 48, unit: 'frame' } },
  ...{ seed: 7, network: 'pocket', depth: 'style', failure: null },
};
const states: readonly RenderLine['state'][] = [
  ...(['fetching', 'queued', 'running', 'delivering', 'done', 'failed', 'cancelled'] as const),
];

/** All values that are texts, with where they are. */
const textsOf = (value: unknown, path = ''): readonly (readonly [path: string, text: string])[] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, `${path}/${key}`));
};

const expectWords = (text: string): void => {
  expect(text.trim()).not.toBe('');
  expect(text).not.toMatch(/undefined|null|NaN|\[object/);
};

// Discord's limits: names of small letters, digits, - and _, descriptions of at most 100 characters.
const expectNamed = ({ name, description }: Named): void => {
  expect(name).toMatch(/^[-_\p{L}\p{N}]{1,32}$/u);
  expect(name).toBe(name.toLowerCase());
  expectWords(description);
  expect(description.length).toBeLessThanOrEqual(100);
};

/** What is about contests has two words: on Discord a command and a subcommand. */
const expectCommand = ({ name, description }: Named): void => {
  for (const word of name.split(' ')) expectNamed({ name: word, description });
};

const expectUnique = (names: readonly string[]): void => expect(new Set(names).size).toBe(names.length);

describe.each(Object.entries(languages))('the words of a language (%s)', (_language, words: ChatWords) => {
  it('have names for commands and options that Discord takes, each one once', () => {
    for (const named of Object.values(words.commands)) expectCommand(named);
    expectNamed(words.contestCommand);
    for (const name of contestCommands) {
      expect(words.commands[name].name).toMatch(new RegExp(`^${words.contestCommand.name} [^ ]+$`));
    }
    expectUnique(Object.values(words.commands).map(({ name }) => name));
    const options = [...Object.values(words.fields), words.photoOption];
    for (const named of [...options, words.renderOption, words.topicOption]) expectNamed(named);
    expectUnique(options.map(({ name }) => name));
    for (const named of [...Object.values(words.contestFields), words.contestOption]) expectNamed(named);
    expectUnique(Object.values(words.contestFields).map(({ name }) => name));
  });

  it('have words for every option of every command', () => {
    for (const command of Object.values(commands)) {
      for (const { name } of command.fields)
        expect(optionWords(words, name, optionOwner(command))).toBeDefined();
    }
  });

  it('have names for every choice, each one once and short enough for a menu', () => {
    const choices: Readonly<Record<string, Readonly<Record<string, string>>>> = words.choices;
    for (const field of [...zoom.fields, ...contestFields, ...entryFields].filter((rule) => rule.choices)) {
      const names = field.choices?.map((choice) => choices[field.name]?.[choice] ?? '') ?? [];
      for (const name of names) {
        expectWords(name);
        expect(name.length).toBeLessThanOrEqual(100);
      }
      expectUnique(names);
    }
  });

  it('fit on buttons', () => {
    for (const { label, help } of Object.values(words.actions)) {
      expectWords(help);
      // Discord takes 80.
      expect(label.length).toBeLessThanOrEqual(34);
    }
  });

  it('say of a reel what it is', () => {
    const reel = /winners’ reel|Siegerfilm/;
    const reels = bodies.filter(({ kind }) => kind === 'waiting' || kind === 'running' || kind === 'result');
    expect(reels.length).toBeGreaterThan(3);
    for (const body of reels) {
      expect(words.renderSentence({ ...body, isReel: true } as MessageBody)).toMatch(reel);
      expect(words.renderSentence(body)).not.toMatch(reel);
    }
  });

  it.each(bodies)('say in one sentence how a render is: %j', (body) => {
    for (const sentence of [
      words.renderSentence(body),
      words.renderSentence(body, { when: () => '<t:9:R>' }),
    ]) {
      expectWords(sentence);
      expect(sentence).toMatch(/^[\p{L}\d].*[.…]$/u);
      expect(sentence.slice(0, -1)).not.toMatch(/\.\s/);
    }
  });

  it('say the moment in the platform’s own form where it has one, and only where it is known', () => {
    const waiting = { kind: 'waiting', position: 2, total: 5, etaSeconds: 40 } as const;
    const running = {
      kind: 'running',
      renderKind: 'zoom',
      progress: { done: 3, total: 48, unit: 'frame' },
      share: 0.5,
      etaSeconds: 40,
    } as const;
    const when = (seconds: number): string => `<t:${1000 + seconds}:R>`;
    for (const body of [waiting, running]) {
      expect(words.renderSentence(body, { when })).toContain('<t:1040:R>');
      expect(words.renderSentence(body)).not.toContain('<t:');
      expect(words.renderSentence({ ...body, etaSeconds: null }, { when })).not.toContain('<t:');
    }
  });

  it('list renders in each state', () => {
    const list = words.commandWords.mine(states.map((state) => ({ ...line, state })));
    expectWords(list);
    expect(list.split('\n')).toHaveLength(states.length);
    expectUnique(list.split('\n'));
    const failed = { ...line, state: 'failed', failure: { code: 'photo-heic', data: {} } } as const;
    expect(words.commandWords.mine([failed])).toContain('HEIC');
    expectWords(words.commandWords.mine([]));
    expect(words.commandWords.cancelled(line)).toContain('a1b2c3d4');
    expect(words.commandWords.mine([line], { when: () => '<t:9:R>' })).toContain('<t:9:R>');
  });

  it('say who renders and who waits, and how many more', () => {
    const many = words.commandWords.queue({ running: line, waiting: Array.from({ length: 12 }, () => line) });
    expectWords(many);
    expect(many.split('\n')).toHaveLength(12);
    expect(many.split('\n').at(-1)).toContain('2');
    expectWords(words.commandWords.queue({ running: null, waiting: [] }));
  });

  it('explain every command and option by the language’s own names', () => {
    const help = words.commandWords.help(Object.values(commands), {
      topic: 'options',
      networks: [
        { name: 'pocket', depths: ['texture', 'style'] },
        { name: 'vgg19', depths: ['texture', 'style', 'scene'] },
      ],
      maxWork: 7.5,
    });
    expectWords(help);
    expect(help).toMatch(/7[.,]5\b.*256 px/);
    for (const command of commandNames.filter((name) => !isContestCommand(name))) {
      const { name, description } = words.commands[command];
      expect(help).toContain(`/${name}: ${description}`);
    }
    for (const { name, description } of [...Object.values(words.fields), words.renderOption]) {
      expect(help).toContain(`  ${name}: ${description}`);
    }
    for (const sentence of [...Object.values(words.qualities), ...Object.values(words.depths)]) {
      expect(help).toContain(sentence);
    }
    expect(help).toMatch(/\(\p{L}+ vgg19\)/u);
  });

  it('say in short how to begin, and where the rest is', () => {
    const options = { topic: 'start', networks: [], maxWork: 6 } as const;
    const help = words.commandWords.help(Object.values(commands), options);
    expectWords(help);
    for (const part of [
      `/${words.commands.gramzoom.name}`,
      `/${words.commands.help.name} ${words.topicOption.name}:${words.choices.topic.options}`,
    ]) {
      expect(help).toContain(part);
    }
    const lines = help.split('\n');
    for (const name of firstWords) {
      const { name: called, description } =
        name === contestWord ? words.contestCommand : words.commands[name as 'help'];
      expect(
        lines.filter((each) => each.startsWith(`/${called}`) && each.endsWith(`: ${description}`)),
      ).toHaveLength(1);
    }
    expect(help).not.toContain(`  ${words.fields.size.name}: `);
    expect(words.commandWords.help([], { ...options, start: 'Begin.' })).toMatch(/^Begin\./);
  });

  it('explain the commands about contests and their options on their own', () => {
    const help = words.commandWords.help(Object.values(commands), {
      topic: 'contest',
      networks: [],
      maxWork: 6,
    });
    expectWords(help);
    for (const name of contestCommands) {
      expect(help).toContain(`/${words.commands[name].name}: ${words.commands[name].description}`);
    }
    for (const { name, description } of Object.values(words.contestFields)) {
      expect(help).toContain(`  ${name}: ${description}`);
    }
    expect(help).not.toContain(words.commands.gramzoom.description);
    // What Discord takes.
    expect(help.length).toBeLessThan(2000);
  });

  it('describe pictures for those who do not see them, and name threads', () => {
    const texts = [
      words.kinds.zoom.alt('cat.jpg'),
      words.threadName('cat.jpg'),
      words.kinds.zoom.pictureAlt('cat.jpg', framesDone(0).progress),
      words.kinds.zoom.pictureAlt('cat.jpg', framesDone(3).progress),
    ];
    for (const text of texts) expect(text).toContain('cat.jpg');
    expectUnique(texts);
    expect(words.seed(7)).toContain('7');
    expect(words.parent('a1b2c3d4')).toContain('a1b2c3d4');
  });

  it('leave nothing blank', () => {
    for (const [path, text] of textsOf(words)) expect(text.trim(), path).not.toBe('');
  });
});

describe('German', () => {
  // Words that both languages share, and what Discord or the file itself calls so.
  const shared = new Set(['gramzoom', 'zoom', 'seed', 'format', 'gif', 'webp', 'mp4', 'png', 'Halloween']);

  it('is not English', () => {
    const english = new Map(textsOf(en));
    for (const [path, text] of textsOf(de)) {
      if (!shared.has(text)) expect(text, path).not.toBe(english.get(path));
    }
    for (const body of bodies) expect(de.renderSentence(body)).not.toBe(en.renderSentence(body));
  });

  it('says du', () => {
    for (const [path, text] of textsOf(de)) expect(text, path).not.toMatch(/\b(Sie|Ihnen|Ihre?n?)\b/);
  });

  it('says how long, and live', () => {
    const waiting = { kind: 'waiting', position: 2, total: 5, etaSeconds: 42 } as const;
    const running = {
      kind: 'running',
      renderKind: 'zoom',
      progress: { done: 3, total: 48, unit: 'frame' },
      share: 0.5,
      etaSeconds: 130,
    } as const;
    const when = () => '<t:9:R>';
    expect(de.renderSentence(waiting)).toBe(
      'Platz 2 von 5 in der Warteschlange, in etwa 40 Sekunden fertig.',
    );
    expect(de.renderSentence(waiting, { when })).toBe('Platz 2 von 5 in der Warteschlange, fertig <t:9:R>.');
    expect(de.renderSentence(running)).toBe('Bild 3 von 48, noch etwa 2 Minuten.');
    expect(de.renderSentence(running, { when })).toBe('Bild 3 von 48, fertig <t:9:R>.');
    expect(de.bytes(4_120_000)).toBe('4,12 MB');
    expect(de.bytes(999)).toBe('999 Byte');
  });
});

describe('English', () => {
  it('says how long, and live', () => {
    const waiting = { kind: 'waiting', position: 1, total: 5, etaSeconds: 42 } as const;
    const running = {
      kind: 'running',
      renderKind: 'zoom',
      progress: { done: 0, total: 48, unit: 'frame' },
      share: 0.5,
      etaSeconds: 130,
    } as const;
    const when = () => '<t:9:R>';
    expect(en.renderSentence(waiting)).toBe('Next in the queue, about 40 s until it is done.');
    expect(en.renderSentence(waiting, { when })).toBe('Next in the queue, done <t:9:R>.');
    expect(en.renderSentence(running)).toBe('Painting the first frame, about 2 min left.');
    expect(en.renderSentence(running, { when })).toBe('Painting the first frame, done <t:9:R>.');
  });
});

describe('the language of somebody', () => {
  it.each([
    ['de', de],
    ['de-AT', de],
    ['DE_ch', de],
    ['en-US', en],
    ['en-GB', en],
    ['tlh', en],
    ['tlh-Latn', en],
    ['', en],
    ['constructor', en],
  ])('follows from %j', (locale, words) => {
    expect(wordsFor(locale)).toBe(words);
  });

  it.each([
    ['pt-BR', 'pt-BR'],
    ['pt_br', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['zh-TW', 'zh-TW'],
    ['zh', 'zh-CN'],
    ['tlh', undefined],
  ])('may be one of a region: %j is %j', (locale, name) => {
    expect(languageOf(locale, ['en', 'pt-BR', 'zh-CN', 'zh-TW'])).toBe(name);
  });
});
