import { describe, expect, it } from 'vitest';
import { readTypedContest } from '../../../src/chat/slack/typed-contest.ts';
import { readTypedWords } from '../../../src/chat/slack/typed-words.ts';

describe('words about contests', () => {
  it.each([
    ['', { name: 'contest status', options: {}, isNamed: false }],
    ['start', { name: 'contest start', options: {}, isNamed: true }],
    [
      'start theme:"Scariest cat" enter_until:"2026-10-31 18:00" entries:2',
      {
        ...{ name: 'contest start', isNamed: true },
        options: { theme: 'Scariest cat', enterUntil: '2026-10-31 18:00', entries: 2 },
      },
    ],
    [
      'starten thema:„Die gruseligste Katze“ einreichen-bis:"31.10. 18 Uhr" gäste:an',
      {
        ...{ name: 'contest start', isNamed: true },
        options: { theme: 'Die gruseligste Katze', enterUntil: '31.10. 18 Uhr', guests: 'on' },
      },
    ],
    ['verlängern bis:"2 Tage"', { name: 'contest extend', options: { until: '2 Tage' }, isNamed: true }],
    ['extend 2 days', { name: 'contest extend', options: { until: '2 days' }, isNamed: true }],
    ['Ruhmeshalle', { name: 'contest hall', options: {}, isNamed: true }],
  ])('mean the same in each language: %s', (text, typed) => {
    expect(readTypedContest(text)).toEqual(typed);
  });

  it.each([
    ['dance', 'command-unknown'],
    ['start theme:a theme:b', 'option-twice'],
    ['close now', 'option-malformed'],
  ])('are refused where they are wrong: %s', (text, code) => {
    expect(() => readTypedContest(text)).toThrow(code);
  });

  it('are read after the bot’s name too, where they are no talk', () => {
    expect(readTypedWords('Wettbewerb Stand')).toMatchObject({ is: 'command', name: 'contest status' });
    expect(readTypedWords('contest is over, sadly', { isTalk: true })).toEqual({ is: 'talk' });
    expect(() => readTypedWords('contest dance')).toThrow('command-unknown');
    expect(readTypedWords('contest:on size:128')).toMatchObject({ options: { contest: 'on', size: 128 } });
  });
});
