import { showMoments } from '../shared/live-moments.ts';

/**
 * Text for where Slack reads its own notation (mrkdwn): nobody is called by it, and nothing in it links. Stars and the
 * like have no form without meaning there, and mean no more than letters that lean.
 */
export const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `18:39 UTC`, for clients that show no moments. */
const plainTime = (unixSeconds: number): string =>
  `${new Date(unixSeconds * 1000).toISOString().slice(11, 16)} UTC`;

/** Words of the bot's as mrkdwn: nobody is called by what somebody typed, and moments are in everybody's own time. */
export const asText = (words: string): string =>
  showMoments(
    escapeMrkdwn(words),
    (unixSeconds) => `<!date^${unixSeconds}^{time}|${plainTime(unixSeconds)}>`,
  );

/** The same for where Slack reads no notation, such as notifications and forms. */
export const asPlainText = (words: string): string => showMoments(words, plainTime);
