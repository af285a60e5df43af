import { describe, expect, it } from 'vitest';
import { readTypedWords } from '../../../src/chat/slack/typed-words.ts';

describe('words after a command', () => {
  it.each([
    ['', { is: 'order', kind: 'zoom', options: {} }],
    ['size:128 direction=out', { is: 'order', kind: 'zoom', options: { size: 128, direction: 'out' } }],
    ['größe:128 bilder 24', { is: 'order', kind: 'zoom', options: { size: 128, frames: 24 } }],
    [
      'richtung:Hinaus qualität fein',
      { is: 'order', kind: 'zoom', options: { direction: 'out', quality: 'fine' } },
    ],
    ['texture size:512', { is: 'order', kind: 'texture', options: { size: 512 } }],
    ['Textur', { is: 'order', kind: 'texture', options: {} }],
    ['queue', { is: 'command', name: 'queue', options: {} }],
    [' Warteschlange ', { is: 'command', name: 'queue', options: {} }],
    ['/mine', { is: 'command', name: 'mine', options: {} }],
    ['cancel a1b2c3', { is: 'command', name: 'cancel', options: { render: 'a1b2c3' } }],
    ['abbrechen film:a1b2c3', { is: 'command', name: 'cancel', options: { render: 'a1b2c3' } }],
    ['neuwürfeln', { is: 'command', name: 'reroll', options: {} }],
    ['forget confirm:yes', { is: 'command', name: 'forget', options: { confirm: 'yes' } }],
    ['vergessen bestätigen:yes', { is: 'command', name: 'forget', options: { confirm: 'yes' } }],
    ['hilfe thema:Optionen', { is: 'command', name: 'help', options: { topic: 'options' } }],
    ['contest help', { is: 'command', name: 'help', options: { topic: 'contest' } }],
    ['Wettbewerb Hilfe', { is: 'command', name: 'help', options: { topic: 'contest' } }],
    ['help options', { is: 'command', name: 'help', options: { topic: 'options' } }],
    ['foo:3', { is: 'order', kind: 'zoom', options: { foo: '3' } }],
    ['frobnicate', { is: 'talk' }],
  ])('mean the same in each language: %s', (text, typed) => {
    expect(readTypedWords(text)).toEqual(typed);
  });

  it('are of the kind whose command it is', () => {
    expect(readTypedWords('size:512', { usual: 'texture' })).toMatchObject({ kind: 'texture' });
    expect(readTypedWords('gramzoom', { usual: 'texture' })).toMatchObject({ kind: 'zoom' });
  });

  it('are refused where they are wrong', () => {
    expect(() => readTypedWords('size:1 size:2')).toThrow('option-twice');
    expect(() => readTypedWords('queue up')).toThrow('option-malformed');
  });
});

describe('words to the bot among people', () => {
  it.each(['queue', 'cancel a1b2c3', 'help options', 'vergessen', 'forget yes'])(
    'may be a command: %s',
    (text) => {
      expect(readTypedWords(text, { isTalk: true })).toMatchObject({ is: 'command' });
    },
  );

  it.each(['queue this up please', 'cancel my subscription', 'forget it', 'help me', 'mine is better'])(
    'may be talk: %s',
    (text) => {
      expect(readTypedWords(text, { isTalk: true })).toEqual({ is: 'talk' });
    },
  );
});
