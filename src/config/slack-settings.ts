import { z } from 'zod';
import { absent, type Environment, readSetting, type Setting, textOf } from './setting.ts';

/** What Slack's tokens begin with, by what they are. */
const tokenKinds: readonly (readonly [beginning: RegExp, name: string])[] = [
  [
    /^xoxe\.xox[bp]-/,
    'one that expires after 12 hours: token rotation is on in the app, create it anew without',
  ],
  [/^xoxb-/, 'a bot token (it belongs in SLACK_BOT_TOKEN)'],
  [/^xapp-/, 'an app-level token (it belongs in SLACK_APP_TOKEN)'],
  [/^xoxp-/, "a person's token"],
  [/^xoxe-/, 'a token that only renews others'],
];

/** What a token's setting takes, and what came instead, as far as its beginning tells. */
const insteadOf =
  (expected: string) =>
  (received: string): string => {
    const kind = tokenKinds.find(([beginning]) => beginning.test(received))?.[1];
    return kind === undefined ? expected : `${expected}, and not ${kind}`;
  };

const keyBytes = 32;
const readKey = (text: string): Uint8Array | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined;
  const alphabet = /[-_]/.test(text) ? 'base64url' : 'base64';
  return Uint8Array.from(Buffer.from(text, alphabet));
};

const botToken = 'the Bot User OAuth Token of the app (OAuth & Permissions), which begins with xoxb-';
const appToken =
  'an app-level token with the scope connections:write (Basic Information), which begins with xapp-';
const signingSecret = 'the Signing Secret of the app (Basic Information), of 32 digits and letters';
const clientId = 'the Client ID of the app (Basic Information), such as 1234567890.1234567890';
const clientSecret = 'the Client Secret of the app (Basic Information)';
const encryptionKey =
  `${keyBytes} random bytes as 64 hexadecimal digits or in base64, made once by "openssl rand -hex 32" or ` +
  `"node -p 'crypto.randomBytes(32).toString(\`hex\`)'"`;

const secret = <const Key extends string>(
  key: Key,
  expected: Setting<Key, string>['expected'],
  shape: RegExp,
): Setting<Key, string | null> => ({
  ...{ key, expected, isSecret: true },
  schema: z
    .string()
    .regex(shape)
    .transform((text): string | null => text)
    .default(null),
});

/** Null is what is left out. */
const settings = {
  botToken: secret('SLACK_BOT_TOKEN', insteadOf(botToken), /^xoxb-[\w.-]+$/),
  appToken: secret('SLACK_APP_TOKEN', insteadOf(appToken), /^xapp-[\w.-]+$/),
  signingSecret: secret('SLACK_SIGNING_SECRET', insteadOf(signingSecret), /^(?!x(?:ox|app))[\w-]{16,}$/),
  clientId: { ...secret('SLACK_CLIENT_ID', clientId, /^[\w-]+(?:\.[\w-]+)*$/), isSecret: false },
  clientSecret: secret('SLACK_CLIENT_SECRET', insteadOf(clientSecret), /^(?!x(?:ox|app))[\w-]{8,}$/),
  encryptionKey: {
    ...{ key: 'SLACK_ENCRYPTION_KEY', expected: encryptionKey, isSecret: true },
    schema: z
      .string()
      .transform((text, context): Uint8Array | null => {
        const bytes = readKey(text);
        if (bytes?.length === keyBytes) return bytes;
        context.issues.push({ code: 'custom', input: undefined, message: 'it is no key' });
        return z.NEVER;
      })
      .default(null),
  },
} as const satisfies Record<string, Setting<string, unknown>>;

export type SlackKey = (typeof settings)[keyof typeof settings]['key'];
export const slackKeys: readonly SlackKey[] = Object.values(settings).map(({ key }) => key);

/** How the bot is on Slack: for one workspace by its token, for whoever installs it, or for both. */
export type SlackConfig = {
  /** Of the one workspace that needs no installing. */
  readonly botToken: string | null;
  /** Of Socket Mode, which needs no public address. This one or `signingSecret` is there, or both. */
  readonly appToken: string | null;
  /** Of requests over HTTP. */
  readonly signingSecret: string | null;
  /** By which workspaces and organisations install it. */
  readonly oauth: {
    readonly clientId: string;
    readonly clientSecret: string;
    /** 32 bytes: what is stored of installations is encrypted with it. */
    readonly encryptionKey: Uint8Array;
    readonly publicUrl: string;
  } | null;
};

const oauthKeys = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_ENCRYPTION_KEY'] as const;

/**
 * Null where nothing of Slack's is set.
 * @throws GramzoomError `configuration` for what is wrong, and for what is missing beside what is set
 */
export const readSlack = (environment: Environment, publicUrl: string | null): SlackConfig | null => {
  if (slackKeys.every((key) => textOf(environment, key) === undefined)) return null;
  const read = <Value>(setting: Setting<string, Value>): Value => readSetting(environment, setting);
  const [bot, app, signing] = [
    read(settings.botToken),
    read(settings.appToken),
    read(settings.signingSecret),
  ];
  const id = read(settings.clientId);
  const [ofClient, key] = [read(settings.clientSecret), read(settings.encryptionKey)];

  const isForMany = [id, ofClient, key].some((value) => value !== null);
  if (bot === null && !isForMany)
    throw absent(
      'SLACK_BOT_TOKEN',
      `${botToken}; for several workspaces set ${oauthKeys.join(', ')} and PUBLIC_URL instead`,
    );
  const oauth = (): SlackConfig['oauth'] => {
    if (id === null) throw absent('SLACK_CLIENT_ID', clientId);
    if (ofClient === null) throw absent('SLACK_CLIENT_SECRET', clientSecret);
    if (key === null) throw absent('SLACK_ENCRYPTION_KEY', encryptionKey);
    if (publicUrl === null)
      throw absent(
        'PUBLIC_URL',
        'the address where people install the app, such as https://zoom.example.org',
      );
    return { clientId: id, clientSecret: ofClient, encryptionKey: key, publicUrl };
  };
  const config = { botToken: bot, appToken: app, signingSecret: signing, oauth: isForMany ? oauth() : null };
  // Without a secret nothing would tell Slack's requests from others'.
  if (app === null && signing === null)
    throw absent('SLACK_APP_TOKEN', `${appToken}; for requests over HTTP set SLACK_SIGNING_SECRET instead`);
  return config;
};
