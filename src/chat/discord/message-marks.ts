import type { APIMessage } from 'discord.js';
import type { JobId } from '../../domain/job.ts';
import { subjectText } from '../../domain/subject.ts';
import { isMarkedName, type Sought, shortId } from '../shared/message-marks.ts';
import { type ButtonId, decodeButtonId } from './button-id.ts';

/** The one message of a render that may have neither buttons nor files. */
const plainRole = 'answer';

/** The one about a render that is none of its own. */
const noticeRole = 'notice';

/** The last line of a notice, which names its film differently from an answer. */
export const noticeLine = (id: JobId | string): string => `-# ↳ ${shortId(id)}`;

/** The last line of a message about a contest that has neither buttons nor files. */
export const roleLine = (id: string, role: string): string => `-# ${shortId(id)} · ${role}`;

type Loose = { readonly custom_id?: string; readonly components?: readonly Loose[] };

const buttonsOf = (components: readonly Loose[]): readonly ButtonId[] =>
  components
    .flatMap(({ components: inner = [], ...outer }) => [outer, ...inner])
    .map(({ custom_id: id }) => (id === undefined ? undefined : decodeButtonId(id)))
    .filter((id) => id !== undefined);

/**
 * Whether a message of the bot is the one sought, as far as can be seen years later: by its buttons, else by its
 * files, else by the id in its last line.
 */
export const isMarked = (
  { components = [], attachments, content }: Pick<APIMessage, 'components' | 'attachments' | 'content'>,
  { subject, role }: Sought,
): boolean => {
  const job = subject && subjectText(subject);
  const buttons = buttonsOf(components as readonly Loose[]);
  if (buttons.length > 0) {
    return buttons.some(
      (button) => button.role === role && (job === null || subjectText(button.subject) === job),
    );
  }
  if (attachments.length > 0) {
    return attachments.some(({ filename }) => isMarkedName(filename, { subject, role }));
  }
  const lastLine = content.replaceAll('\\', '').split('\n').at(-1) ?? '';
  if (job !== null && lastLine === noticeLine(job)) return role === noticeRole;
  if (subject !== null && lastLine === roleLine(subject.id, role)) return true;
  return role === plainRole && job !== null && lastLine.startsWith('-# ') && lastLine.endsWith(shortId(job));
};
