/** What the command line says about setting the bot up on Discord. */
export const discordSetupWords = {
  command: 'help to set the bot up on Discord',
  invite: 'print the link that adds the bot to a server',
  application: "the application's id, where DISCORD_TOKEN is not set",
  json: 'print one line of JSON, and nothing else, on standard output',
  notes:
    'Whoever opens the link and may manage a server can add the bot to it. docs/discord.md begins with creating the\n' +
    'application.\n\n' +
    'Exit status: 0 done, 2 neither a token nor an id.',
  link: ({ url, permissions }: { readonly url: string; readonly permissions: string }): string =>
    `${url}\nIt asks for the permissions ${permissions} and for nothing else.`,
  noApplication:
    'No application known: set DISCORD_TOKEN in the environment or in .env, or give --application and the id from the developer portal.',
  noId: 'The id of an application is a number of 17 to 20 digits; the developer portal shows it.',
  noTokenId:
    'DISCORD_TOKEN is not the token of a bot: copy it again from the developer portal, or give --application.',
  /** Where Discord refuses to let the bot in. */
  tokenAdvice: 'copy it again from the developer portal into the environment or .env',
  intentsAdvice:
    'undo the changes to the intents of the bot in the developer portal, since it needs no privileged one',
} as const;
