import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { configKeys, readConfig } from '../src/config.ts';

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({ threads: Math.min(8, availableParallelism()), engine: 'auto' });
  });

  it('takes a blank value for none', () => {
    expect(readConfig({ THREADS: '', ENGINE: '  ' })).toEqual(readConfig({}));
  });

  it('takes what is set, and ignores what is not its own', () => {
    expect(readConfig({ THREADS: ' 3 ', ENGINE: 'onnx:cpu', HOME: '/root' })).toEqual({
      threads: 3,
      engine: 'onnx:cpu',
    });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it.each([
    ['THREADS', '0'],
    ['THREADS', 'two'],
    ['THREADS', '1.5'],
    ['THREADS', '-1'],
    ['THREADS', '1e9'],
    ['ENGINE', 'abacus'],
  ])('refuses %s=%s', (key, received) => {
    expect(() => readConfig({ [key]: received })).toThrow(
      expect.objectContaining({ code: 'configuration', data: expect.objectContaining({ key, received }) }),
    );
  });
});

describe('.env.example', () => {
  const assigned = [...example.matchAll(/^#? ?([A-Z_]+)=(.*)$/gm)];

  it('has every key that exists, and no other', () => {
    expect(assigned.map(([, key]) => key).toSorted()).toEqual([...configKeys].toSorted());
  });

  it('has a sentence above each key', () => {
    for (const [line] of assigned) expect(example).toMatch(new RegExp(`^# .+\\.\n${line}$`, 'm'));
  });

  it('changes nothing when it is used as it is', () => {
    const environment = Object.fromEntries(assigned.map(([, key, value]) => [key, value]));
    expect(readConfig(environment)).toEqual(readConfig({}));
  });
});
