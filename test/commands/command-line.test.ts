import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../commands/command-line.ts';
import { GramzoomError } from '../../src/domain/errors.ts';

const failureOf = (text: string): GramzoomError => {
  try {
    parseCommandLine(text);
  } catch (error) {
    if (error instanceof GramzoomError) return error;
  }
  throw new Error('it was taken');
};

describe('a line that was typed', () => {
  it.each([
    ['/gramzoom', { command: 'gramzoom', options: {} }],
    ['  /queue  ', { command: 'queue', options: {} }],
    ['/GramZoom size:256', { command: 'gramzoom', options: { size: 256 } }],
    ['/gramzoom size:256 direction:out', { command: 'gramzoom', options: { size: 256, direction: 'out' } }],
    ['/gramzoom size=256  zoom=1.05', { command: 'gramzoom', options: { size: 256, zoom: 1.05 } }],
    ['/gramzoom max_bytes:10MB', { command: 'gramzoom', options: { maxBytes: '10MB' } }],
    ['/gramzoom max-bytes:"10 MB" seed:7', { command: 'gramzoom', options: { maxBytes: '10 MB', seed: 7 } }],
    ['/gramzoom "max bytes"', null],
    ['/gramzoom size:big', { command: 'gramzoom', options: { size: 'big' } }],
    ['/gramzoom size:', { command: 'gramzoom', options: { size: '' } }],
    ['/gramzoom network:7', { command: 'gramzoom', options: { network: '7' } }],
    ['/gramzoom sise:256', { command: 'gramzoom', options: { sise: '256' } }],
    ['/cancel abcd', { command: 'cancel', options: { render: 'abcd' } }],
    ['/help options', { command: 'help', options: { topic: 'options' } }],
    ['/cancel render:abc=d:e', { command: 'cancel', options: { render: 'abc=d:e' } }],
    ['/contest', { command: 'contest status', options: {} }],
    ['/Contest Hall', { command: 'contest hall', options: {} }],
    [
      '/contest start theme:"Scariest cat" enter_until:2026-10-31 18:00 vote_until:in 2 days entries:2',
      {
        command: 'contest start',
        options: {
          theme: 'Scariest cat',
          enterUntil: '2026-10-31 18:00',
          voteUntil: 'in 2 days',
          entries: 2,
        },
      },
    ],
    [
      '/contest start theme:Scariest cat prize:Cat of the year',
      { command: 'contest start', options: { theme: 'Scariest cat', prize: 'Cat of the year' } },
    ],
    [
      '/contest start theme:Cats enter_til:friday',
      { command: 'contest start', options: { theme: 'Cats', enter_til: 'friday' } },
    ],
    ['/contest extend 18:00', { command: 'contest extend', options: { until: '18:00' } }],
    [
      '/contest extend 1 November 18:00',
      { command: 'contest extend', options: { until: '1 November 18:00' } },
    ],
    ['/contest extend until:2 days', { command: 'contest extend', options: { until: '2 days' } }],
    ['/contest status now', null],
    ['/gramzoom contest:on size:64', { command: 'gramzoom', options: { contest: 'on', size: 64 } }],
  ])('the line "%s" is read', (text, expected) => {
    if (expected) expect(parseCommandLine(text)).toEqual(expected);
    else expect(failureOf(text).code).toBe('option-malformed');
  });

  it.each(['', 'hello', 'size:256', '// no command'.slice(3)])(
    'a line without a command is not read as one: %j',
    (text) => {
      expect(parseCommandLine(text)).toBeUndefined();
    },
  );

  it('names the commands there are where it names none of them', () => {
    expect(failureOf('/gramzom size:64')).toMatchObject({
      code: 'command-unknown',
      data: {
        name: '/gramzom',
        known: ['gramzoom', 'texture', 'reroll', 'cancel', 'queue', 'mine', 'contest', 'forget', 'help'],
      },
    });
    expect(failureOf('/contest begin')).toMatchObject({
      code: 'command-unknown',
      data: { name: '/contest begin', known: expect.arrayContaining(['contest start', 'contest hall']) },
    });
    expect(failureOf('/constructor').code).toBe('command-unknown');
    expect(failureOf('/').code).toBe('command-unknown');
  });

  it('shows how an option is written', () => {
    expect(failureOf('/gramzoom 256')).toMatchObject({
      code: 'option-malformed',
      data: { text: '256', example: 'size:256' },
    });
    expect(failureOf('/queue now')).toMatchObject({ data: { example: '/help' } });
  });

  it('takes an option once', () => {
    expect(failureOf('/gramzoom maxBytes:1MB max_bytes:2MB')).toMatchObject({
      code: 'option-twice',
      data: { option: 'maxBytes' },
    });
  });

  it('keeps options named like parts of every object apart', () => {
    expect(parseCommandLine('/gramzoom __proto__:1')?.options).toEqual(
      Object.fromEntries([['__proto__', '1']]),
    );
  });
});
