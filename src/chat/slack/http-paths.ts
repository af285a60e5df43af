/** Where Slack and those who install the bot reach it over HTTP. */
export const httpPaths = {
  /** Events, commands and whatever people press and submit. */
  events: '/slack/events',
  install: '/slack/install',
  oauthRedirect: '/slack/oauth_redirect',
} as const;

/** The same on a public address. @param origin such as `https://zoom.example.org` */
export const publicAddress = (origin: string, path: keyof typeof httpPaths): string =>
  new URL(httpPaths[path], origin).href;
