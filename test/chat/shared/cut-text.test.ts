import { describe, expect, it } from 'vitest';
import { cutTo, inPieces, oneLine } from '../../../src/chat/shared/cut-text.ts';

describe('a text that is too long', () => {
  it('is cut between characters', () => {
    expect(cutTo('🐈🐈', 3)).toBe('🐈…');
    expect(cutTo('🐈🐈', 4)).toBe('🐈🐈');
    expect(oneLine(' a\n b\u202E ', 10)).toBe('a b');
  });

  it('is said in pieces that end with a line, else with a word', () => {
    expect(inPieces('short', 9)).toEqual(['short']);
    expect(inPieces('one\ntwo six\nten', 9)).toEqual(['one', 'two six', 'ten']);
    expect(inPieces('one two six', 8)).toEqual(['one two', 'six']);
    expect(inPieces('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
  });
});
