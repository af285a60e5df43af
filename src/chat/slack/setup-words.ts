/** What the command line says about setting the bot up on Slack. */
export const slackSetupWords = {
  command: 'help to set the bot up on Slack',
  manifest: 'print the manifest to create the app from, in JSON',
  http: 'where Slack reaches the bot by HTTP, such as https://zoom.example.org; left out: Socket Mode, which needs no address',
  notes:
    'Create the app from it at https://api.slack.com/apps: Create New App, From a manifest. Where PUBLIC_URL or --http\nis https, the manifest lets other workspaces install the app too. docs/slack.md leads on from there.\n\nExit status: 0 done, 2 an address that Slack does not take.',
  noAddress: (given: string): string =>
    `--http takes an address that begins with https:// and has no path, such as https://zoom.example.org, not ${given}: Slack sends requests to no other.`,
  /** Where Slack gives tokens that expire: it lets nobody turn that off again. */
  rotationAdvice:
    'create the app anew from what "gramzoom slack manifest" prints, since token rotation is on in this one and its tokens expire after 12 hours',
  /** What to do where Slack does not accept what is in a setting. */
  refused: {
    SLACK_BOT_TOKEN:
      'install the app in the workspace, then copy the Bot User OAuth Token (xoxb-) from OAuth & Permissions at https://api.slack.com/apps into the environment or .env',
    SLACK_APP_TOKEN:
      'generate an app-level token (xapp-) with the scope connections:write under Basic Information at https://api.slack.com/apps, and put it into the environment or .env',
    SLACK_CLIENT_ID:
      'copy the Client ID from Basic Information at https://api.slack.com/apps into the environment or .env',
    SLACK_CLIENT_SECRET:
      'copy the Client Secret from Basic Information at https://api.slack.com/apps into the environment or .env',
  },
} as const;
