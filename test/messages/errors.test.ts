import { describe, expect, it } from 'vitest';
import { eligibilityProblems } from '../../src/domain/contest/eligibility-problem.ts';
import { contestPhases } from '../../src/domain/contest/phase.ts';
import type { Failure } from '../../src/domain/errors.ts';
import type { Expectation } from '../../src/domain/expectation.ts';
import { de } from '../../src/messages/de.ts';
import { en } from '../../src/messages/en.ts';
import { languages } from '../../src/messages/languages.ts';
import { errorExamples } from './error-examples.ts';

const failures = Object.entries(errorExamples).map(([code, data]) => ({ code, data }) as Failure);

const refusal = (expected: Expectation, changes: { field?: string; received?: string } = {}): Failure => ({
  code: 'request-field',
  data: { field: 'size', received: '1', expected, ...changes },
});

const expectations: readonly Expectation[] = [
  { kind: 'number', isWhole: true, min: 64, max: 512, multipleOf: 16 },
  { kind: 'number', isWhole: true, min: 8, max: 240 },
  { kind: 'number', isWhole: false, min: 1.005, max: 1.2 },
  { kind: 'seconds', min: 0.24, max: 7.2, fps: 33.33 },
  { kind: 'choice', choices: ['in', 'out'] },
  { kind: 'bytes', minBytes: 20_000 },
  { kind: 'network' },
  { kind: 'render' },
  { kind: 'text', max: 100 },
  { kind: 'moment' },
  { kind: 'zone' },
  { kind: 'option', known: ['size', 'maxBytes'] },
  { kind: 'option', known: [] },
];

/** What every sentence has: it is one, it is plain, and nothing slipped into it that is no word. */
const expectSentence = (sentence: string): void => {
  expect(sentence).toMatch(/^[\p{L}/"„\d].*\.$/u);
  expect(sentence).not.toMatch(/\n|undefined|null|NaN|\[object/);
  expect(sentence.slice(0, -1)).not.toMatch(/[.!?]\s/);
};

describe.each(Object.entries(languages))('the sentence of an error (%s)', (_language, words) => {
  it.each(failures)('is one plain sentence for $code', (failure) => {
    const sentence = words.operatorSentence(failure);
    expectSentence(sentence);
    if (failure.code.includes('-')) expect(sentence).not.toContain(failure.code);
  });

  const withoutAdvice = new Set([
    'usage',
    'cancelled',
    'chat-gone',
    'not-yours',
    'body-invalid',
    'media-type',
  ]);
  it.each(failures.filter(({ code }) => !withoutAdvice.has(code)))(
    'says what to do about $code',
    (failure) => {
      const sentence = words.operatorSentence(failure);
      expect(sentence).toMatch(/(: |; |, not |, nicht ).{4,}\.$/);
    },
  );

  it('is a different one for each code', () => {
    expect(new Set(failures.map((failure) => words.operatorSentence(failure))).size).toBe(failures.length);
  });

  it.each(expectations)('says what an option takes: $kind', (expected) => {
    const sentence = words.errorSentence(refusal(expected));
    expectSentence(sentence);
    expect(sentence).toContain(words.fields.size.name);
  });

  it.each([{ kind: 'text', max: 100 }, { kind: 'moment' }, { kind: 'zone' }] as const)(
    'says that a $kind is missing where nothing was written',
    (expected) => {
      const missing = words.errorSentence(refusal(expected, { field: 'theme', received: '' }));
      expectSentence(missing);
      expect(missing).not.toMatch(/""|„“/);
      expect(missing).toContain(words.contestFields.theme.name);
    },
  );

  it('tells each reason why somebody may not take part, each phase and each problem apart', () => {
    const failures: readonly Failure[] = [
      ...eligibilityProblems.map(
        (reason) => ({ code: 'contest-not-eligible', data: { reason, needs: '7' } }) as const,
      ),
      ...contestPhases.map((phase) => ({ code: 'contest-phase', data: { phase } }) as const),
      ...(['past', 'order', 'far'] as const).map(
        (problem) =>
          ({ code: 'contest-moment', data: { field: 'enterUntil', problem, received: 'x' } }) as const,
      ),
      ...(['not-yours', 'elsewhere', 'not-here'] as const).map(
        (problem) => ({ code: 'contest-film', data: { problem } }) as const,
      ),
      ...(['host', 'moderator'] as const).map(
        (needs) => ({ code: 'contest-right', data: { needs } }) as const,
      ),
      ...[null, 'ghosts'].map((received) => ({ code: 'contest-role', data: { received } }) as const),
    ];
    const sentences = failures.map((failure) => words.errorSentence(failure));
    for (const sentence of sentences) {
      expectSentence(sentence);
      expect(sentence).toMatch(/: .{4,}\.$/);
    }
    expect(new Set(sentences).size).toBe(failures.length);
    const moment = {
      code: 'contest-moment',
      data: { field: 'enterUntil', problem: 'past', received: 'x' },
    } as const;
    expect(words.errorSentence(moment)).toContain(words.contestFields.enterUntil.name);
    const none = words.errorSentence({ code: 'contest-none', data: {} });
    expect(none).toContain(`/${words.commands['contest start'].name}`);
  });

  it('calls options as the place calls them, and as the language does where nothing is said', () => {
    const failure: Failure = { code: 'request-field', data: errorExamples['request-field'] };
    expect(words.errorSentence(failure)).toContain(words.fields.maxBytes.name);
    expect(words.errorSentence(failure, { nameField: () => '--max-bytes' })).toContain('--max-bytes');
    expect(words.errorSentence(refusal({ kind: 'render' }, { field: 'render' }))).toContain(
      words.renderOption.name,
    );
  });

  it('names every permission that is missing as the place calls it, and one alone', () => {
    const failureOf = (...permissions: readonly string[]): Failure => ({
      ...{ code: 'permissions-missing', data: { permissions } },
    });
    const namePermission = (permission: string): string => `the right to ${permission}`;
    const all = words.errorSentence(failureOf('look', 'speak'), { namePermission });
    for (const permission of ['look', 'speak']) expect(all).toContain(namePermission(permission));
    expectSentence(words.errorSentence(failureOf('attach-files')));
  });

  it.each([
    ['nothing', ''],
    ['two lines', 'a\nb'],
    ['somebody’s whole life', 'x'.repeat(1000)],
    ['Markdown', '**bold** _soft_ `code`'],
    ['a mention', '<@1234>'],
    ['a quotation mark', '"'],
  ])('shows %s as what it is, between quotation marks where it is no plain word', (_what, text) => {
    const sentences = [
      words.errorSentence(refusal({ kind: 'network' }, { received: text })),
      words.errorSentence(refusal({ kind: 'option', known: [] }, { field: text })),
      words.errorSentence({ code: 'network-unknown', data: { name: text, known: ['pocket'] } }),
      words.errorSentence({ code: 'option-twice', data: { option: text } }),
      words.errorSentence({ code: 'command-unknown', data: { name: text, known: ['help'] } }),
    ];
    for (const sentence of sentences) {
      expect(sentence).not.toContain('\n');
      expect(sentence.length).toBeLessThan(150);
      if (!/^\w+$/.test(text)) expect(sentence).toMatch(/"[^"]*|„[^“]*“/);
    }
  });

  it('guesses that a renderer which was killed lacked memory', () => {
    const killed = words.errorSentence({ code: 'render-crashed', data: { how: 'SIGKILL' } });
    expect(killed).toMatch(/memory|Speicher/);
    expect(words.errorSentence({ code: 'render-crashed', data: { how: 'SIGSEGV' } })).toContain('SIGSEGV');
  });

  it('counts one and many', () => {
    for (const code of ['user-limit', 'server-limit'] as const) {
      const [one, many] = [1, 3].map((limit) => words.errorSentence({ code, data: { limit } }));
      expectSentence(one!);
      expect(one!.replace('1', '3')).not.toBe(many);
    }
  });

  it('has one for a stored failure whose code is none any more', () => {
    const failure = { code: 'ffmpeg-missing', data: {} } as unknown as Failure;
    expectSentence(words.errorSentence(failure));
    expect(words.errorSentence(failure)).toContain('ffmpeg-missing');
  });

  it('shows the words that the first versions stored', () => {
    expect(words.errorSentence(refusal({ kind: 'words', words: 'a multiple of 16' }))).toContain(
      'a multiple of 16',
    );
  });
});

describe('the sentence of an error', () => {
  it('is another one in each language', () => {
    for (const failure of failures.filter(({ code }) => code !== 'usage')) {
      expect(de.operatorSentence(failure)).not.toBe(en.operatorSentence(failure));
    }
    for (const expected of expectations) {
      expect(de.errorSentence(refusal(expected))).not.toBe(en.errorSentence(refusal(expected)));
    }
  });

  it('says what to do with a HEIC photo', () => {
    const failure: Failure = { code: 'photo-heic', data: {} };
    expect(en.errorSentence(failure)).toBe('This HEIC photo cannot be read here: send it as JPEG.');
    expect(de.errorSentence(failure)).toBe('Dieses HEIC-Foto kann ich nicht öffnen: Schick es als JPEG.');
  });

  it('writes numbers as the language does', () => {
    const zoom = refusal(
      { kind: 'number', isWhole: false, min: 1.005, max: 1.2 },
      { field: 'zoom', received: '0.9' },
    );
    expect(en.errorSentence(zoom)).toBe('zoom takes a number from 1.005 to 1.2, not 0.9.');
    expect(de.errorSentence(zoom)).toBe('Die Option zoom nimmt eine Zahl von 1,005 bis 1,2, nicht 0.9.');
    const large: Failure = { code: 'photo-too-many-bytes', data: { bytes: 30.2e6, maxBytes: 25_000_000 } };
    expect(de.errorSentence(large)).toContain('30,2 MB');
    const wide: Failure = { code: 'photo-too-many-pixels', data: errorExamples['photo-too-many-pixels'] };
    expect(en.errorSentence(wide)).toContain('10,000 x 9,000 pixels');
    expect(de.errorSentence(wide)).toContain('10.000 x 9.000 Pixel');
  });

  it('lists the options there are where one is none of them', () => {
    const unknown = refusal({ kind: 'option', known: ['size', 'maxBytes'] }, { field: 'sise' });
    expect(en.errorSentence(unknown)).toBe('There is no option sise: choose size or max_bytes.');
    expect(de.errorSentence(unknown)).toBe('Eine Option sise gibt es nicht: Nimm größe oder höchstgröße.');
    const none = refusal({ kind: 'option', known: [] }, { field: 'of' });
    expect(en.errorSentence(none)).toBe('There is no option of: leave it out.');
  });
});

describe.each(Object.entries(languages))('what people in a chat are told (%s)', (_language, words) => {
  // Whatever of an error's data was read off this machine, of its system and of its libraries.
  const secret = '/srv/secret-host/networks/mine.json: EACCES, open at Object.openSync (node:fs:561:18)';
  /** Data that is what a person has typed, what was asked for, or a name from a list that is for everybody. */
  const harmless = new Set([
    ...['request-field', 'request-fields', 'network-unknown', 'depth-not-offered', 'network-fetching'],
    ...['network-not-here', 'command-unknown', 'option-malformed', 'option-twice', 'photo-format'],
    ...['foreign-host', 'foreign-origin', 'body-invalid', 'media-type'],
    ...['chat-refused', 'chat-gone', 'chat-unreachable'],
    ...['contest-running', 'contest-phase', 'contest-right', 'contest-not-eligible', 'contest-fixed'],
    ...['contest-moment', 'contest-role', 'contest-film'],
  ]);
  /** Where the words are read from the machine although the rest is for everybody. */
  const always = new Set(['chat-unreachable']);
  const names = new Set(['name', 'network', 'platform', 'engine', 'code']);

  const spiked = (code: string, data: object): Failure =>
    ({
      code,
      data: Object.fromEntries(
        Object.entries(data).map(([key, value]) => [
          key,
          typeof value === 'string' && !names.has(key) && (!harmless.has(code) || always.has(code))
            ? secret
            : value,
        ]),
      ),
    }) as Failure;

  it.each(failures)('shows no path, host or stack of the machine for $code', (failure) => {
    const data = failure.code === 'chat-refused' ? failure.data : spiked(failure.code, failure.data).data;
    const told = words.errorSentence({ code: failure.code, data } as Failure);
    expect(told).not.toMatch(/secret|EACCES|node:|\/srv|\.ts\b/);
    expectSentence(told);
  });

  it('shows none of a failure that was stored by an earlier version, either', () => {
    const told = words.errorSentence({
      code: 'weights-broken',
      data: { path: secret },
    } as unknown as Failure);
    expect(told).not.toContain('secret');
  });

  it('shows no path that stands where the name of a network should', () => {
    const failure: Failure = {
      code: 'network-damaged',
      data: { name: '/srv/mine.safetensors', problem: '' },
    };
    expect(words.errorSentence(failure)).not.toContain('/srv');
  });

  it('shows whoever runs the program all of it', () => {
    const failure: Failure = { code: 'network-damaged', data: { name: 'mine', problem: secret } };
    expect(words.operatorSentence(failure)).toContain(secret);
    expect(words.errorSentence(failure)).toContain('mine');
  });
});
