import { describe, expect, it } from 'vitest';
import { readMoment } from '../../../src/app/moments/read-moment.ts';
import { momentAt, momentOfWall } from '../../../src/app/moments/wall-time.ts';

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';

/** A Wednesday, in summer time: 14:30 in Berlin. */
const now = Date.parse('2026-10-14T12:30:20Z');

const read = (text: string, { zone = berlin, at = now } = {}) =>
  readMoment(text, { zone, now: at, field: 'until' });
const instantOf = (text: string, options = {}): string => new Date(read(text, options).at).toISOString();

describe('reading a moment', () => {
  it.each([
    ['2026-10-31 18:00', '2026-10-31T18:00'],
    ['2026-10-31T18:00', '2026-10-31T18:00'],
    ['2026-10-31T18:00:00', '2026-10-31T18:00'],
    ['2026/10/31 6:30pm', '2026-10-31T18:30'],
    [' 2026-10-31,  18:00 ', '2026-10-31T18:00'],
    ['31.10.2026 18:00', '2026-10-31T18:00'],
    ['31.10.26 18:00', '2026-10-31T18:00'],
    ['31.10. 18 Uhr', '2026-10-31T18:00'],
    ['31.10. 18:00', '2026-10-31T18:00'],
    ['31.10 18.30 Uhr', '2026-10-31T18:30'],
    ['am 31. 10. um 18 Uhr 30', '2026-10-31T18:30'],
    ['31 October 18:00', '2026-10-31T18:00'],
    ['31st of October 2027, 6 p.m.', '2027-10-31T18:00'],
    ['31. Oktober 18:00', '2026-10-31T18:00'],
    ['31. Oktober 2026 18 Uhr', '2026-10-31T18:00'],
    ['Oct 31 6pm', '2026-10-31T18:00'],
    ['October 31st, 2026 at 18:00', '2026-10-31T18:00'],
    ['Oct. 31, 12am', '2026-10-31T00:00'],
    ['Oct 31 12pm', '2026-10-31T12:00'],
    ['1. März 8:00', '2027-03-01T08:00'],
    ['5 May 8:00', '2027-05-05T08:00'],
    ['Sat, 31 Oct 18:00', '2026-10-31T18:00'],
    ['10/31 18:00', '2026-10-31T18:00'],
    ['31/10/2026 18:00', '2026-10-31T18:00'],
    ['18:00 31.10.', '2026-10-31T18:00'],
    ['6 pm on 31 October', '2026-10-31T18:00'],
    ['6 am tomorrow', '2026-10-15T06:00'],
    ['tomorrow 18:00', '2026-10-15T18:00'],
    ['morgen 18:00', '2026-10-15T18:00'],
    ['morgen um 18 Uhr', '2026-10-15T18:00'],
    ['übermorgen 9:00', '2026-10-16T09:00'],
    ['the day after tomorrow 9:00', '2026-10-16T09:00'],
    ['today 18:00', '2026-10-14T18:00'],
    ['heute 18 Uhr', '2026-10-14T18:00'],
    ['friday 18:00', '2026-10-16T18:00'],
    ['bis Freitag, 18 Uhr', '2026-10-16T18:00'],
    ['Fr 18:00', '2026-10-16T18:00'],
    ['wednesday 18:00', '2026-10-14T18:00'],
    ['wednesday 10:00', '2026-10-21T10:00'],
    ['next wednesday 18:00', '2026-10-21T18:00'],
    ['noon', '2026-10-15T12:00'],
    ['Mitternacht', '2026-10-15T00:00'],
    ['friday 24:00', '2026-10-17T00:00'],
    ['18:00', '2026-10-14T18:00'],
    ['9:00', '2026-10-15T09:00'],
    ['18 Uhr', '2026-10-14T18:00'],
    ['6pm', '2026-10-14T18:00'],
  ])('takes %j for %s', (text, wall) => {
    expect(read(text).wall).toBe(wall);
  });

  it.each([
    ['2026-10-31', '2026-10-31T23:59'],
    ['31.10.', '2026-10-31T23:59'],
    ['friday', '2026-10-16T23:59'],
    ['morgen', '2026-10-15T23:59'],
    ['tonight', '2026-10-14T23:59'],
  ])(
    'takes a day without a time to its end, or from its beginning where that is asked for: %j',
    (text, end) => {
      expect(read(text).wall).toBe(end);
      const options = { zone: berlin, now, field: 'from', wholeDay: 'begins' } as const;
      if (text !== 'tonight') expect(readMoment(text, options).wall).toBe(`${end.slice(0, 10)}T00:00`);
    },
  );

  it.each([
    // Part of a minute counts as a whole one.
    ['in 3 days', '2026-10-17T14:31'],
    ['3 days', '2026-10-17T14:31'],
    ['3d 12h', '2026-10-18T02:31'],
    ['3d12h', '2026-10-18T02:31'],
    ['90 minutes', '2026-10-14T16:01'],
    ['90m', '2026-10-14T16:01'],
    ['in 3 Tagen', '2026-10-17T14:31'],
    ['eine Woche', '2026-10-21T14:31'],
    ['in a week', '2026-10-21T14:31'],
    ['2 Wochen und 1 Tag', '2026-10-29T14:31'],
    ['1,5 Stunden', '2026-10-14T16:01'],
    ['half an hour', '2026-10-14T15:01'],
    ['in einer halben Stunde', '2026-10-14T15:01'],
    ['1 month', '2026-11-14T14:31'],
    ['ein Monat', '2026-11-14T14:31'],
  ])('takes %j for a time from now: %s', (text, wall) => {
    expect(read(text).wall).toBe(wall);
  });

  it.each([
    '1793466000',
    '1793466000000',
    '<t:1793466000>',
    '<t:1793466000:R>',
    '2026-10-31T18:00+01:00',
    '2026-10-31T17:00:00Z',
  ])('takes what chats and pickers write for that instant: %s', (text) => {
    expect(read(text)).toEqual({ at: Date.UTC(2026, 9, 31, 17), wall: '2026-10-31T18:00' });
  });

  it('takes a wall time in the zone that is meant', () => {
    expect(instantOf('2026-10-31 18:00', { zone: newYork })).toBe('2026-10-31T22:00:00.000Z');
    expect(instantOf('2026-10-31 18:00', { zone: 'Asia/Kolkata' })).toBe('2026-10-31T12:30:00.000Z');
    expect(instantOf('2026-10-31 18:00', { zone: 'Australia/Lord_Howe' })).toBe('2026-10-31T07:00:00.000Z');
    expect(instantOf('2026-10-31 18:00', { zone: 'Asia/Kathmandu' })).toBe('2026-10-31T12:15:00.000Z');
  });

  it('follows the clock where it goes back: a wall time that there is twice is the first', () => {
    // Berlin, 25 October: 3:00 becomes 2:00. New York, 1 November: 2:00 becomes 1:00.
    expect(instantOf('2026-10-25 02:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf('2026-10-25 03:00')).toBe('2026-10-25T02:00:00.000Z');
    expect(instantOf('2026-11-01 01:30', { zone: newYork })).toBe('2026-11-01T05:30:00.000Z');
    expect(instantOf('2026-11-01 18:00', { zone: newYork })).toBe('2026-11-01T23:00:00.000Z');
    expect(read('2026-10-25 02:30').wall).toBe('2026-10-25T02:30');
  });

  it('follows the clock where it goes forward: a wall time that there is not is an hour later', () => {
    // Berlin, 29 March 2026: 2:00 becomes 3:00.
    const at = Date.parse('2026-03-20T12:00:00Z');
    expect(read('29.3. 2:30', { at })).toEqual({
      at: Date.parse('2026-03-29T01:30:00Z'),
      wall: '2026-03-29T03:30',
    });
    expect(read('2026-10-04 02:15', { zone: 'Australia/Lord_Howe', at })).toMatchObject({
      wall: '2026-10-04T02:45',
    });
  });

  it('counts days by the calendar and hours by the clock over a change to winter time', () => {
    const at = Date.parse('2026-10-24T16:00:00Z');
    expect(read('1 day', { at })).toEqual({
      at: Date.parse('2026-10-25T17:00:00Z'),
      wall: '2026-10-25T18:00',
    });
    expect(read('24 hours', { at }).wall).toBe('2026-10-25T17:00');
    expect(read('1 week', { at }).wall).toBe('2026-10-31T18:00');
  });

  it('goes over the end of a year, and finds the next leap year', () => {
    const at = Date.parse('2026-12-31T22:30:00Z');
    expect(read('morgen 8:00', { at }).wall).toBe('2027-01-01T08:00');
    expect(read('23:00', { at }).wall).toBe('2027-01-01T23:00');
    expect(read('31.12. 23:45', { at }).wall).toBe('2026-12-31T23:45');
    expect(read('31.12. 23:15', { at }).wall).toBe('2027-12-31T23:15');
    expect(read('29.2. 12:00', { at }).wall).toBe('2028-02-29T12:00');
    expect(read('29 Feb', { at: Date.parse('2096-03-01T00:00:00Z') }).wall).toBe('2104-02-29T23:59');
    expect(read('1 month', { at: Date.parse('2027-01-31T11:00:00Z') }).wall).toBe('2027-02-28T12:00');
  });

  it('tells of a moment that is over when somebody names it as a whole', () => {
    expect(read('2026-10-01 18:00').at).toBeLessThan(now);
    expect(read('today 9:00').at).toBeLessThan(now);
    expect(read('1700000040').at).toBe(1_700_000_040_000);
  });

  it.each([
    '',
    ' ',
    'soon',
    'whenever',
    '2026-13-01 18:00',
    '2026-02-29 18:00',
    '2026-10-31 25:00',
    '2026-10-31 18:60',
    '2026-10-31 24:01',
    '32.10. 18:00',
    '30 February',
    '0.0.2026',
    '10/11 18:00',
    '13pm',
    '0pm',
    '2026',
    '18',
    'friday 18',
    '3',
    'days',
    '0 days',
    '3 parsecs',
    '3 days later maybe',
    '-3 days',
    '3 days 18:00',
    'friday saturday',
    '18:00 18:00',
    'constructor',
    'a constructor',
    '__proto__ days',
    '99999 months 99999 months 99999 months 99999 months',
    '2026-10-31 18:00; drop table contests',
    '2026-10-31T18:00:00+99:00',
    '<t:99999999999999999>',
    '\u202e31.10.',
    '１８：００x',
    'x'.repeat(64),
    '1 '.repeat(32),
  ])('refuses %j and says what it takes', (text) => {
    expect(() => read(text)).toThrowError(
      expect.objectContaining({
        code: 'request-field',
        data: { field: 'until', expected: { kind: 'moment' }, received: text },
      }),
    );
  });
});

describe('wall times', () => {
  it('are instants in a zone and back', () => {
    const moment = momentOfWall('2026-10-31T18:00', newYork);
    expect(moment).toEqual({ at: Date.parse('2026-10-31T22:00:00Z'), wall: '2026-10-31T18:00' });
    expect(momentAt(moment.at, newYork)).toEqual(moment);
    expect(momentAt(moment.at, berlin).wall).toBe('2026-10-31T23:00');
  });

  it('are the same an hour later by the clock once winter time has begun', () => {
    const [before, after] = ['2026-10-31T18:00', '2026-11-01T18:00'].map((wall) =>
      momentOfWall(wall, newYork),
    );
    expect((after?.at ?? 0) - (before?.at ?? 0)).toBe(25 * 60 * 60 * 1000);
  });
});
