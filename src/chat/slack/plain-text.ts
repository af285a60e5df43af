import { type MomentForm, showMoments } from '../shared/live-moments.ts';

/**
 * Text for where Slack reads its own notation (mrkdwn): nobody is called by it, and nothing in it links. Stars and the
 * like have no form without meaning there, and mean no more than letters that lean.
 */
export const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `18:39 UTC`, `2026-10-31 18:39 UTC`, for clients that show no moments. */
const plainMoment = (unixSeconds: number, form: MomentForm): string => {
  const [date, time] = new Date(unixSeconds * 1000).toISOString().split('T') as [string, string];
  return `${form === 'date' ? `${date} ` : ''}${time.slice(0, 5)} UTC`;
};

const momentForms = { 'from-now': '{time}', date: '{date_long_pretty}, {time}' } as const satisfies Readonly<
  Record<MomentForm, string>
>;

/** Characters that nobody types stand for what is put in once the rest is escaped. */
const [begins, ends] = ['\uE002', '\uE003'];
const person = new RegExp(`${begins}([A-Z0-9]{1,20})${ends}`, 'g');

/** Somebody among words, for `asText` to call them. @param user Slack's own id */
export const calledPerson = (user: string): string => `${begins}${user}${ends}`;

/**
 * Words of the bot's as mrkdwn: nobody is called by what somebody typed, and moments are in everybody's own time.
 * @param options.calls who may be called: Slack's own ids
 */
export const asText = (
  words: string,
  { calls = [] }: { readonly calls?: readonly string[] | undefined } = {},
): string =>
  showMoments(
    escapeMrkdwn(words),
    (unixSeconds, form) => `<!date^${unixSeconds}^${momentForms[form]}|${plainMoment(unixSeconds, form)}>`,
  ).replaceAll(person, (_, user: string) => (calls.includes(user) ? `<@${user}>` : user));

/** The same for where Slack reads no notation, such as notifications and forms. */
export const asPlainText = (words: string): string =>
  showMoments(words, plainMoment).replaceAll(person, (_, user: string) => user);
