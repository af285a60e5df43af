import { describe, expect, it } from 'vitest';
import { cleanName, cleanText, countLetters } from '../../../src/domain/contest/clean-text.ts';
import { createRandom } from '../../../src/domain/random.ts';

const clean = (text: string, mostLetters = 100): string => cleanText(text, { mostLetters });

describe('cleaning a text', () => {
  it.each([
    'Scariest cat',
    'Gruseligste Katze für Élodie',
    'Самый страшный кот',
    '最も怖い猫',
    'القط الأكثر رعبا',
    'החתול המפחיד',
    'हिन्दी क्\u200dष',
    'می\u200cخواهم',
    '👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 1️⃣ 👋🏽',
    '**bold** <@123> @everyone `x` <!channel> &amp;',
    'a/b\\c "quoted" \'x\'',
  ])('leaves %j as it is', (text) => {
    expect(clean(text)).toBe(text.normalize('NFC'));
  });

  it('makes one line of many, and one space of many', () => {
    expect(clean('  a\r\n\tb\u2028c\u00a0\u3000 d\u2800e\n')).toBe('a b c d e');
  });

  it.each([
    ['overrides', 'a\u202eb\u202dc\u202c', 'abc'],
    ['isolates', '\u2066a\u2067b\u2068c\u2069', 'abc'],
    ['embeddings', '\u202aa\u202bb', 'ab'],
    ['marks of direction', '\u200ea\u200fb\u061c', 'ab'],
    ['controls', 'a\u0000b\u0007\u001b[31mc\u007f\u0085d', 'ab[31mc d'],
    ['unseen letters', 'a\u200b\u2060\ufeff\u00ad\u034f\u115f\u3164\uffa0b', 'ab'],
    ['tags', '\u{e0061}a\u{e007f}', 'a'],
    ['halves of surrogates', 'a\ud83db\udc00c', 'abc'],
    ['private letters and no letters', 'a\ue000b\uffff\u{10ffff}c', 'abc'],
  ])('takes away %s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('takes away joiners and selectors that belong to nothing', () => {
    expect(clean('\u200da \u200d b\u200d \u200c\u200c')).toBe('a b');
    expect(clean('\ufe0fa\ufe0f\ufe0f\ufe0f')).toBe('a\ufe0f');
    expect(clean('a\u200d\u200d\u200d\u200d')).toBe('a');
  });

  it('leaves at most three marks on a letter, and none on nothing', () => {
    const marks = '\u0316\u0317\u0318\u0319\u031a\u0300\u0301';
    expect(clean(`q${marks.repeat(40)}w`)).toMatch(/^q\p{M}{3}w$/u);
    expect(clean(`\u0301\u0302 \u0303a`)).toBe('a');
  });

  it('is nothing where nothing can be seen', () => {
    expect(clean(' \u200b\u202e\u2800\u0301\u200d\ufe0f ')).toBe('');
  });

  it('cuts what is too long between letters as people see them, and says so', () => {
    expect(clean('x'.repeat(4000), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(clean('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(clean('one two three', 9)).toBe('one two…');
    const family = '👩\u200d👩\u200d👧\u200d👦';
    expect(clean(family.repeat(3), 16)).toBe(`${family.repeat(2)}…`);
    expect(clean(`${'👩\u200d'.repeat(3000)}👩`, 10)).toBe('…');
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'is bounded, clean to the eye and the same the second time, whatever comes (seed %i)',
    (seed) => {
      const random = createRandom(seed);
      const letters = [
        ...'ab é\u0301\u0316\u200d\u200c\ufe0f\u202e\u2066\u0000\n\u00a0\u3164👩👋🏽क्षمи…\ud83d',
        '\udc00',
        '\u{e0061}',
        '\u1100\u1161',
      ];
      for (let round = 0; round < 200; round++) {
        const length = Math.floor(random.uniform() * 60);
        const text = Array.from(
          { length },
          () => letters[Math.floor(random.uniform() * letters.length)],
        ).join('');
        const cleaned = clean(text, 20);
        expect(countLetters(cleaned)).toBeLessThanOrEqual(20);
        expect(cleaned).toBe(cleaned.trim());
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]|\s\s|\p{M}{5}/u);
        expect(clean(cleaned, 20)).toBe(cleaned);
      }
    },
  );
});

describe('cleaning a name', () => {
  it('gives another one where nothing of it can be seen', () => {
    expect(cleanName('\u202eAnn\n', { otherwise: '42' })).toBe('Ann');
    expect(cleanName('\u3164\u200b', { otherwise: '42' })).toBe('42');
  });

  it('is at most 64 letters long', () => {
    expect(countLetters(cleanName('x'.repeat(500), { otherwise: '42' }))).toBe(64);
  });
});
