import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { entryFields } from '../../src/domain/contest/rules.ts';
import { kindNames, kinds, parseRequest, progressOf } from '../../src/domain/kinds.ts';
import { defaultFilm, requireWork } from '../../src/domain/work-limit.ts';
import { kindWords } from '../../src/messages/kinds.ts';
import { languages } from '../../src/messages/languages.ts';
import { optionWords } from '../../src/messages/names.ts';
import { renderKindOf, workOf } from '../../src/render/kinds.ts';

/** Adding a kind is checked here: CONTRIBUTING.md names the files. */
describe.each(kindNames)('the kind %s', (kind) => {
  const options = parseRequest({ kind } as { readonly kind: string } & Record<string, unknown>);
  const request = { ...options, seed: 1 };

  it('gives a whole request where nothing is asked for, which can be asked for again', () => {
    expect(options.kind).toBe(kind);
    expect(parseRequest(options)).toEqual(options);
    expect(kinds[kind].formats).toContain(options.format);
    expect(kinds[kind].sizes).toContain(options.size);
    expect(progressOf(options, 0).total).toBeGreaterThan(0);
  });

  it('has a command with its fields, and a renderer that knows what it costs', () => {
    expect(commands[kinds[kind].command]).toMatchObject({
      renderKind: kind,
      fields: [...kinds[kind].fields, ...entryFields],
    });
    expect(renderKindOf(request).name).toBe(kind);
    expect(workOf(request)).toBeGreaterThan(0);
    expect(() => requireWork(request, { most: 6, workOf })).not.toThrow();
    expect(() => requireWork(request, { most: workOf(request) / workOf(defaultFilm) / 4, workOf })).toThrow(
      expect.objectContaining({ code: 'too-much-work' }),
    );
  });

  it.each(Object.keys(languages))('has words for itself, its options and their choices in %s', (language) => {
    const words = languages[language]!;
    expect(Object.keys(kindWords)).toContain(language);
    for (const { name, default: fallback, byQuality, choices = [] } of kinds[kind].fields) {
      expect(optionWords(words, name, kind)?.description, name).toBeTruthy();
      if (name !== 'network') {
        for (const choice of choices) expect(words.choices[name]?.[choice], `${name} ${choice}`).toBeTruthy();
      }
      if (fallback === undefined) {
        expect(words.otherwise({ name, ...(byQuality && { byQuality }) }), name).toBeTruthy();
      }
    }
  });
});
