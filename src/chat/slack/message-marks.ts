import { z } from 'zod';
import { messageKey, parseMessageKey, type Subject, subjectText } from '../../domain/subject.ts';
import { optional } from '../shared/lenient.ts';
import { isMarkedName, type Sought } from '../shared/message-marks.ts';

/**
 * The id of a block, which says to which message it belongs: so a message is recognised years later.
 * @param part what the block is; a picture has a new one each time, since clients keep what they have shown under an id
 */
export const blockId = (
  { subject, role }: { readonly subject: Subject; readonly role: string },
  part: string,
): string => `gz1:${messageKey(subject, role)}:${part}`;

const blockIdPattern = /^gz1:(.+):[\w-]+$/;

/** What a message shows of whose it is. */
export const markedMessage = z.object({
  blocks: optional(z.array(z.object({ block_id: optional(z.string()) }))),
  files: optional(z.array(z.object({ id: z.string(), name: optional(z.string()) }))),
});

/** Whether a message of the bot is the one sought: by its blocks, else by the names of its files. */
export const isMarked = (
  { blocks = [], files = [] }: z.output<typeof markedMessage>,
  sought: Sought,
): boolean => {
  const keys = blocks.flatMap(({ block_id: id = '' }) => blockIdPattern.exec(id)?.[1] ?? []);
  if (keys.length === 0) return files.some(({ name = '' }) => isMarkedName(name, sought));
  return keys.map(parseMessageKey).some(({ subject, role }) => {
    const isSubject =
      sought.subject === null || (subject && subjectText(subject) === subjectText(sought.subject));
    return isSubject && role === sought.role;
  });
};
