import { describe, expect, it } from 'vitest';
import { fromFailure, GramzoomError, toFailure, toGramzoomError } from '../../src/domain/errors.ts';

describe('a GramzoomError', () => {
  it('carries its code, its data and its cause', () => {
    const cause = new Error('ENOENT');
    const error = new GramzoomError('photo-missing', { path: 'cat.jpg' }, { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'GramzoomError',
      code: 'photo-missing',
      data: { path: 'cat.jpg' },
      cause,
    });
  });

  it('says whether trying again may help', () => {
    expect(new GramzoomError('photo-heic', {}).retry).toBe('never');
    expect(new GramzoomError('render-crashed', { how: 'SIGKILL' }).retry).toBe('later');
  });

  it('crosses a process boundary as plain data, without its cause', () => {
    const error = new GramzoomError('disk-full', { folder: 'out' }, { cause: new Error('secret') });
    const text = JSON.stringify(toFailure(error));
    expect(text).not.toContain('secret');
    expect(fromFailure(JSON.parse(text))).toMatchObject({
      code: 'disk-full',
      data: { folder: 'out' },
      retry: 'later',
    });
  });
});

describe('whatever was thrown', () => {
  it('stays what it is where it is ours', () => {
    const error = new GramzoomError('photo-empty', {});
    expect(toGramzoomError(error)).toBe(error);
  });

  const systemError = (code: string): Error => Object.assign(new Error(`${code}: open 'x'`), { code });
  it.each([
    ['the system', systemError('EMFILE')],
    ['the system, of all processes', systemError('ENFILE')],
    ['a library in its own words', new Error('Worker initialization failure: EMFILE')],
    ['a cause', new Error('no such engine', { cause: systemError('EMFILE') })],
    [
      'an error of ours',
      new GramzoomError('photo-unreadable', { path: 'x' }, { cause: systemError('EMFILE') }),
    ],
  ])('is a lack of files where %s says so', (_who, thrown) => {
    expect(toGramzoomError(thrown)).toMatchObject({ code: 'too-many-open-files', retry: 'later' });
  });

  it('is a cancellation where a signal was aborted', () => {
    const controller = new AbortController();
    controller.abort();
    const error = toGramzoomError(controller.signal.reason);
    expect(error.code).toBe('cancelled');
    expect(error.retry).toBe('never');
  });

  it.each([
    ['an error', new TypeError('x is not a function'), 'x is not a function'],
    ['text', 'boom', 'boom'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
  ])('is internal where it is %s', (_, thrown, reason) => {
    const error = toGramzoomError(thrown);
    expect(error).toMatchObject({ code: 'internal', data: { reason } });
    expect(error.cause).toBe(thrown);
  });
});
