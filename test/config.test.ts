import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configKeys, readConfig } from '../src/config.ts';

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      dataDir: './data',
      host: '127.0.0.1',
      port: 8484,
      publicUrl: null,
      web: 'auto',
      logLevel: 'info',
      threads: Math.min(8, availableParallelism()),
      engine: 'auto',
      precision: 'auto',
      network: { name: 'pocket', file: null },
      networkMirror: 'https://storage.googleapis.com/tensorflow/keras-applications',
      proxies: { http: '', https: '', except: '' },
      maxPhotoBytes: 25_000_000,
      maxDataBytes: 10_000_000_000,
      retainDays: 30,
      userLimit: 2,
      serverLimit: 6,
      maxWork: 6,
      operators: [],
      graceMs: 8000,
      discordToken: null,
      slack: null,
    });
  });

  it('takes a blank value for none', () => {
    expect(readConfig({ THREADS: '', ENGINE: '  ' })).toEqual(readConfig({}));
  });

  it('takes what is set, and ignores what is not its own', () => {
    const environment = {
      DATA_DIR: '/var/lib/gramzoom',
      HOST: '::1',
      PORT: '0',
      PUBLIC_URL: 'https://Zoom.example.org:443',
      WEB: 'off',
      LOG_LEVEL: 'silent',
      THREADS: ' 3 ',
      ENGINE: 'onnx:cpu',
      PRECISION: 'int8',
      NETWORK: 'other',
      NETWORK_MIRROR: 'http://mirror.example.org:8080/keras/',
      MAX_PHOTO_BYTES: '5MB',
      MAX_DATA_BYTES: '1GiB',
      RETAIN_DAYS: '7',
      USER_LIMIT: '1',
      SERVER_LIMIT: '9',
      MAX_WORK: '2.5',
      OPERATORS: 'discord:1',
      GRACE_MS: '1000',
      DISCORD_TOKEN: 'Bot an-id.and.a-secret',
      SLACK_BOT_TOKEN: 'xoxb-1-a-token',
      SLACK_APP_TOKEN: 'xapp-1-a-token',
      SLACK_SIGNING_SECRET: 'signing-secret-of-the-app',
      SLACK_CLIENT_ID: '123.456',
      SLACK_CLIENT_SECRET: 'client-secret',
      SLACK_ENCRYPTION_KEY: 'ab'.repeat(32),
    };
    expect(Object.keys(environment)).toEqual(configKeys);
    expect(readConfig({ ...environment, HOME: '/root' })).toEqual({
      dataDir: '/var/lib/gramzoom',
      host: '::1',
      port: 0,
      publicUrl: 'https://zoom.example.org',
      web: 'off',
      logLevel: 'silent',
      threads: 3,
      engine: 'onnx:cpu',
      precision: 'int8',
      network: { name: 'other', file: null },
      networkMirror: 'http://mirror.example.org:8080/keras',
      proxies: { http: '', https: '', except: '' },
      maxPhotoBytes: 5_000_000,
      maxDataBytes: 2 ** 30,
      retainDays: 7,
      userLimit: 1,
      serverLimit: 9,
      maxWork: 2.5,
      operators: [{ platform: 'discord', user: '1' }],
      graceMs: 1000,
      discordToken: 'an-id.and.a-secret',
      slack: {
        botToken: 'xoxb-1-a-token',
        appToken: 'xapp-1-a-token',
        signingSecret: 'signing-secret-of-the-app',
        oauth: {
          clientId: '123.456',
          clientSecret: 'client-secret',
          encryptionKey: new Uint8Array(32).fill(0xab),
          publicUrl: 'https://zoom.example.org',
        },
      },
    });
  });

  it('takes people as operators, each with a platform', () => {
    expect(readConfig({ OPERATORS: 'discord:80351110224678912, slack:T1/U2 ' }).operators).toEqual([
      { platform: 'discord', user: '80351110224678912' },
      { platform: 'slack', user: 'T1/U2' },
    ]);
    for (const text of ['80351110224678912', 'discord:', 'discord:1,,slack:2', 'discord:1 2'])
      expect(() => readConfig({ OPERATORS: text }), text).toThrow('OPERATORS');
  });

  it("takes a file for the operator's own network, from the current folder on", () => {
    expect(readConfig({ NETWORK: 'file:/srv/mine.safetensors' }).network).toEqual({
      name: null,
      file: resolve('/srv/mine.safetensors'),
    });
    expect(readConfig({ NETWORK: 'file:my own.safetensors' }).network).toEqual({
      name: null,
      file: resolve('my own.safetensors'),
    });
  });

  it('takes the proxies that most programs take, small letters first', () => {
    const environment = {
      HTTP_PROXY: 'http://one.example:3128',
      http_proxy: ' http://two.example:3128 ',
      HTTPS_PROXY: 'three.example:3128',
      https_proxy: '',
      no_proxy: 'localhost,.example.org',
    };
    expect(readConfig(environment).proxies).toEqual({
      http: 'http://two.example:3128',
      https: 'three.example:3128',
      except: 'localhost,.example.org',
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
    ['PRECISION', '8'],
    ['HOST', 'a host'],
    ['PORT', '65536'],
    ['PUBLIC_URL', 'zoom.example.org'],
    ['PUBLIC_URL', 'https://example.org/zoom'],
    ['PUBLIC_URL', 'ftp://example.org'],
    ['WEB', 'yes'],
    ['LOG_LEVEL', 'loud'],
    ['NETWORK', '../pocket'],
    ['NETWORK', 'file:'],
    ['NETWORK_MIRROR', 'mirror.example.org/keras'],
    ['NETWORK_MIRROR', 'ftp://mirror.example.org'],
    ['NETWORK_MIRROR', 'https://mirror.example.org/keras?version=1'],
    ['NETWORK_MIRROR', 'file:///srv/mirror'],
    ['MAX_PHOTO_BYTES', '1kB'],
    ['MAX_DATA_BYTES', 'much'],
    ['RETAIN_DAYS', '0'],
    ['USER_LIMIT', '0'],
    ['MAX_WORK', '0.5'],
    ['MAX_WORK', 'Infinity'],
    ['MAX_WORK', '1e3'],
    ['SERVER_LIMIT', '-1'],
    ['GRACE_MS', '0'],
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
