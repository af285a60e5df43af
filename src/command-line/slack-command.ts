import { createManifest } from '../chat/slack/manifest.ts';
import { slackSetupWords as words } from '../chat/slack/setup-words.ts';
import { readConfig } from '../config.ts';
import { GramzoomError } from '../domain/errors.ts';

/** The origin of an address that Slack takes; null for any other text. */
const httpsOrigin = (text: string): string | null => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.href === `${url.origin}/` ? url.origin : null;
};

/**
 * `gramzoom slack manifest`: the app for Slack's pages, on standard output.
 * @throws GramzoomError `usage` for an address that Slack does not take, `configuration`
 */
export const manifestCommand = ({ http: given }: { readonly http?: string }): void => {
  const { publicUrl } = readConfig();
  const http = given === undefined ? null : httpsOrigin(given);
  if (given !== undefined && http === null) {
    throw new GramzoomError('usage', { problem: words.noAddress(given === '' ? '""' : given) });
  }
  const install = http ?? (publicUrl === null ? null : httpsOrigin(publicUrl));
  process.stdout.write(`${JSON.stringify(createManifest({ http, install }), null, 2)}\n`);
};
