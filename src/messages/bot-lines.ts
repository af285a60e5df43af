/** What the bot says when it starts and stops. */
export const botLines = {
  command: 'run the bot on its chat platforms, or with its own chat page, until it is stopped',
  help:
    'Settings are read from the environment or from a file .env; .env.example explains each of them.\n' +
    'Exit status: 0 stopped, 2 bad settings, 1 any other failure.',
  /** `settings` such as `PORT=3`; none where what was typed is no setting either. */
  noOptions: (settings: readonly string[], start: string): string =>
    settings.length > 0
      ? `The bot takes no options: set ${settings.join(' and ')} in the environment or in .env, then type "${start}".`
      : `The bot takes no options, and its settings are read from the environment or from .env: type "${start}".`,
  started: ({
    page,
    operations,
    platforms,
  }: {
    readonly page: string | null;
    readonly operations: string;
    readonly platforms: readonly string[];
  }): string => {
    const where = platforms.length > 0 ? ` on ${platforms.join(' and ')}` : '';
    const none = platforms.length > 0 ? '' : '; no token of a chat platform is set';
    if (page) return `Gramzoom runs${where}: chat page on ${page}${none}.`;
    return `Gramzoom runs${where} without a chat page, health and metrics on ${operations}${none}.`;
  },
  tookUp: (renders: number): string =>
    `Resumed ${renders} unfinished ${renders === 1 ? 'render' : 'renders'}.`,
  stopping: 'Stopping: the running render is saved and continues at the next start.',
} as const;
