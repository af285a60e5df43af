import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/setting.ts';
import { readConfig } from '../../src/config.ts';
import { type Failure, GramzoomError, toFailure } from '../../src/domain/errors.ts';
import { en } from '../../src/messages/en.ts';

const bot = { SLACK_BOT_TOKEN: 'xoxb-1234-abcdefgh' };
const app = { SLACK_APP_TOKEN: 'xapp-1-A1-abcdefgh' };
const signing = { SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' };
const many = {
  SLACK_CLIENT_ID: '1234567890.1234567890',
  SLACK_CLIENT_SECRET: 'fedcba9876543210fedcba9876543210',
  SLACK_ENCRYPTION_KEY: '0f'.repeat(32),
  PUBLIC_URL: 'https://zoom.example.org',
};

type Everything = typeof bot & typeof app & typeof signing & typeof many;

const refused = (environment: Environment): { key: unknown; sentence: string } => {
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof GramzoomError)) throw error;
    const failure: Failure = toFailure(error);
    expect(failure.code).toBe('configuration');
    expect(JSON.stringify(failure)).not.toMatch(/abcdefgh|fedcba98|0123456789abcdef/);
    return { key: 'key' in failure.data && failure.data.key, sentence: en.operatorSentence(failure) };
  }
  throw new Error('it was not refused');
};

describe('the configuration of Slack', () => {
  it('is none while nothing of it is set, or is blank', () => {
    expect(readConfig({ SLACK_BOT_TOKEN: ' ', SLACK_SIGNING_SECRET: '' }).slack).toBeNull();
  });

  it.each([
    ['one workspace by Socket Mode', { ...bot, ...app }],
    ['one workspace over HTTP', { ...bot, ...signing }],
    ['many workspaces by Socket Mode', { ...many, ...app }],
    ['many workspaces over HTTP', { ...many, ...signing }],
    ['everything at once', { ...bot, ...many, ...app, ...signing }],
  ])('is for %s', (_what, environment: Partial<Everything>) => {
    const { slack } = readConfig(environment);
    expect(slack).toEqual({
      botToken: environment.SLACK_BOT_TOKEN ?? null,
      appToken: environment.SLACK_APP_TOKEN ?? null,
      signingSecret: environment.SLACK_SIGNING_SECRET ?? null,
      oauth:
        'SLACK_CLIENT_ID' in environment
          ? {
              clientId: many.SLACK_CLIENT_ID,
              clientSecret: many.SLACK_CLIENT_SECRET,
              encryptionKey: new Uint8Array(32).fill(0x0f),
              publicUrl: many.PUBLIC_URL,
            }
          : null,
    });
  });

  it.each([
    ['SLACK_BOT_TOKEN', app],
    ['SLACK_BOT_TOKEN', { ...signing, PUBLIC_URL: many.PUBLIC_URL }],
    ['SLACK_APP_TOKEN', bot],
    ['SLACK_APP_TOKEN', { ...bot, SLACK_SIGNING_SECRET: '   ' }],
    ['SLACK_APP_TOKEN', many],
    ['SLACK_CLIENT_ID', { ...bot, ...app, SLACK_CLIENT_SECRET: many.SLACK_CLIENT_SECRET }],
    ['SLACK_CLIENT_SECRET', { ...many, ...app, SLACK_CLIENT_SECRET: '' }],
    ['SLACK_ENCRYPTION_KEY', { ...many, ...app, SLACK_ENCRYPTION_KEY: undefined }],
    ['PUBLIC_URL', { ...many, ...app, PUBLIC_URL: undefined }],
  ])('asks for %s where it is missing', (key, environment: Environment) => {
    const { key: named, sentence } = refused(environment);
    expect(named).toBe(key);
    expect(sentence).toMatch(new RegExp(`^The setting ${key} is missing .*: set it to .+\\.$`));
  });

  it.each([
    ['SLACK_BOT_TOKEN', 'a token'],
    ['SLACK_BOT_TOKEN', '"xoxb-1234-abcdefgh"'],
    ['SLACK_APP_TOKEN', 'abcdefgh'],
    ['SLACK_SIGNING_SECRET', 'abcdefgh'],
    ['SLACK_SIGNING_SECRET', "''"],
    ['SLACK_CLIENT_ID', 'a client'],
    ['SLACK_CLIENT_SECRET', 'abcdefgh '.repeat(3)],
    ['SLACK_ENCRYPTION_KEY', 'abcdefgh'],
    ['SLACK_ENCRYPTION_KEY', 'abcdefgh'.repeat(6)],
  ])('refuses %s=%s', (key, value) => {
    expect(refused({ ...bot, ...app, ...signing, ...many, [key]: value }).key).toBe(key);
  });

  it.each([
    ['SLACK_BOT_TOKEN', 'xapp-1-A1-abcdefgh', 'an app-level token (it belongs in SLACK_APP_TOKEN)'],
    ['SLACK_APP_TOKEN', 'xoxb-1234-abcdefgh', 'a bot token (it belongs in SLACK_BOT_TOKEN)'],
    ['SLACK_BOT_TOKEN', 'xoxp-1234-abcdefgh', "a person's token"],
    [
      'SLACK_BOT_TOKEN',
      'xoxe.xoxb-1-abcdefgh',
      'one that expires after 12 hours: token rotation is on in the app, create it anew without',
    ],
    ['SLACK_SIGNING_SECRET', 'xoxb-1234-abcdefgh', 'a bot token (it belongs in SLACK_BOT_TOKEN)'],
  ])('says what was put into %s instead', (key, value, what) => {
    const { sentence } = refused({ ...bot, ...app, ...many, [key]: value });
    expect(sentence).toContain(`, and not ${what}: correct it in the environment or in .env.`);
  });

  it('takes its key in hexadecimal digits or in base64, and says how to make one', () => {
    const key = randomBytes(32);
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const { slack } = readConfig({ ...many, ...app, SLACK_ENCRYPTION_KEY: key.toString(encoding) });
      expect(slack?.oauth?.encryptionKey).toEqual(new Uint8Array(key));
    }
    expect(refused({ ...many, ...app, SLACK_ENCRYPTION_KEY: '' }).sentence).toContain('openssl rand -hex 32');
  });
});
