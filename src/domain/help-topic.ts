/** What `/help` can be asked about: how to begin, or every option. */
export const helpTopics = ['start', 'options'] as const;
export type HelpTopic = (typeof helpTopics)[number];
