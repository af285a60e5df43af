import { ButtonStyle } from 'discord.js';

/** What Discord calls the looks of buttons. */
export const buttonStyles = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
} as const;
