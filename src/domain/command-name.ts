/** What people can type, in the order in which help shows it. */
export const commandNames = ['gramzoom', 'reroll', 'cancel', 'queue', 'mine', 'forget', 'help'] as const;
export type CommandName = (typeof commandNames)[number];
