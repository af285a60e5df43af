import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppLog } from '../../ports/log.ts';
import { optional, withoutNulls } from '../shared/lenient.ts';
import { httpPaths, publicAddress } from './http-paths.ts';
import { installPage } from './install-page.ts';
import { createInstallStates, stateSeconds } from './install-state.ts';
import { type InstallPage, type InstallWords, installLanguage, installWords } from './install-words.ts';
import { botScopes } from './scopes.ts';
import { slackSetupWords } from './setup-words.ts';
import { isError, translated } from './slack-errors.ts';
import { createSlackLogger } from './slack-logger.ts';
import { type Installation, installationOf, type Tenants } from './tenants.ts';

const requestMs = 10_000;
const cookieName = 'gramzoom_install';

const party = optional(z.object({ id: z.string(), name: optional(z.string()) }));
const access = z.object({
  access_token: z.string(),
  scope: z.string().catch(''),
  /** There is one where the app has token rotation. */
  expires_in: optional(z.number()),
  app_id: optional(z.string()),
  is_enterprise_install: optional(z.boolean()),
  team: party,
  enterprise: party,
});

/** What Slack says where the app's own secrets are not right. */
const wrongSecrets = ['invalid_client_id', 'bad_client_secret'];

const cookieOf = (request: Request): string => {
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((each) => each.trim());
  return cookies.find((each) => each.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? '';
};

/** By which workspaces and organisations install the bot themselves. */
export type OAuthSettings = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** 32 bytes. */
  readonly encryptionKey: Uint8Array;
  /** An origin. */
  readonly publicUrl: string;
};

/**
 * Installing: sends people to Slack, and saves what Slack grants when they come back.
 * @returns answers a request; null for a path of others
 */
export const createOAuth = ({
  settings: { clientId, clientSecret, encryptionKey, publicUrl },
  apiUrl = 'https://slack.com/api/',
  tenants,
  clock,
  log,
}: {
  readonly settings: OAuthSettings;
  readonly apiUrl: string | undefined;
  readonly tenants: Pick<Tenants, 'save'>;
  readonly clock: Clock;
  readonly log: AppLog;
}): ((request: Request) => Promise<Response | null>) => {
  const states = createInstallStates(encryptionKey);
  const redirectUri = publicAddress(publicUrl, 'oauthRedirect');
  const client = (token?: string): WebClient =>
    new WebClient(token, {
      ...{
        slackApiUrl: apiUrl,
        timeout: requestMs,
        retryConfig: { retries: 1 },
        rejectRateLimitedCalls: true,
      },
      logger: createSlackLogger(log, { clock }),
    });

  const cookie = (value: string, maxAge: number): string =>
    [
      ...[`${cookieName}=${value}`, `Max-Age=${maxAge}`, 'Path=/slack', 'HttpOnly', 'SameSite=Lax'],
      ...(publicUrl.startsWith('https:') ? ['Secure'] : []),
    ].join('; ');

  const begin = (): Response => {
    const { state, cookie: value } = states.create(clock.wallTime());
    const to = new URL('/oauth/v2/authorize', apiUrl);
    const asked = { client_id: clientId, scope: botScopes.join(','), redirect_uri: redirectUri, state };
    for (const [name, each] of Object.entries(asked)) to.searchParams.set(name, each);
    const headers = {
      location: to.href,
      'set-cookie': cookie(value, stateSeconds),
      'cache-control': 'no-store',
    };
    return new Response(null, { status: 302, headers });
  };

  /** @throws GramzoomError; ZodError for an answer that cannot be read */
  const install = async (
    code: string,
  ): Promise<{ readonly installed: Installation; readonly link: string }> => {
    const answer = await translated(() =>
      client().oauth.v2.access({
        ...{ client_id: clientId, client_secret: clientSecret, code, redirect_uri: redirectUri },
      }),
    );
    const granted = access.parse(withoutNulls(answer));
    const { access_token: botToken, scope, team, enterprise, app_id: app } = granted;
    if (granted.expires_in !== undefined)
      throw new GramzoomError('setup-refused', {
        platform: 'Slack',
        advice: slackSetupWords.rotationAdvice,
      });
    const owner = granted.is_enterprise_install ? enterprise : team;
    if (!owner) throw new GramzoomError('internal', { reason: 'Slack does not say where it was installed' });
    const installed: Installation = {
      ...installationOf(await translated(() => client(botToken).auth.test()), botToken),
      ...{ tenant: owner.id, name: owner.name ?? owner.id },
      scopes: scope.split(',').filter((each) => each !== ''),
    };
    await tenants.save(installed);
    const link = new URL('https://slack.com/app_redirect');
    if (app !== undefined) link.searchParams.set('app', app);
    if (team) link.searchParams.set('team', team.id);
    return { installed, link: link.href };
  };

  const finish = async (
    request: Request,
    words: InstallWords,
  ): Promise<readonly [InstallPage, string, number]> => {
    const again = publicAddress(publicUrl, 'install');
    const { searchParams: given } = new URL(request.url);
    const isValid = states.isValid(
      { state: given.get('state') ?? '', cookie: cookieOf(request) },
      clock.wallTime(),
    );
    if (!isValid) return [words.expired, again, 400];
    const code = given.get('code');
    if (code === null) return [words.denied, again, 200];
    try {
      const { installed, link } = await install(code);
      log.info('slack: installed', { tenant: installed.tenant });
      return [words.installed(installed.name), link, 200];
    } catch (error) {
      if (isError(error, 'invalid_code', 'code_already_used')) return [words.expired, again, 400];
      const advice = isError(error, ...wrongSecrets) && {
        advice: 'SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are not those of the app (Basic Information)',
      };
      log.error('slack: an installation failed', { error, ...advice });
      return [words.failed, again, 502];
    }
  };

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== httpPaths.install && pathname !== httpPaths.oauthRedirect) return null;
    if (request.method !== 'GET') return new Response('This is opened in a browser.\n', { status: 405 });
    if (pathname === httpPaths.install) return begin();
    const language = installLanguage(request.headers.get('accept-language') ?? '');
    const [page, href, status] = await finish(request, installWords(language));
    const response = await installPage(page, { language, href, status });
    response.headers.append('set-cookie', cookie('', 0));
    return response;
  };
};
