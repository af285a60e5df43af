import type { Entry } from '../../../domain/contest/contest.ts';
import type { Job } from '../../../domain/job.ts';
import type { MessageAttachment } from '../../../domain/message.ts';

type Shown = Pick<Entry, 'id' | 'number'>;

/** It is named by its number: names of films and photos would tell whose it is. */
const fileName = ({ number, id }: Shown, format: string): string => `entry-${number}-${id}.${format}`;

/** A still of an entry; of a render that does not move the picture itself. Null once it is gone. */
export const entryStill = (entry: Shown, job: Job | undefined): MessageAttachment | null => {
  if (!job) return null;
  const { poster, result, request } = job;
  const alt = `#${entry.number}`;
  if (poster !== null) return { blob: poster, name: fileName(entry, 'png'), format: 'png', alt };
  if (result === null) return null;
  return { blob: result, name: fileName(entry, request.format), format: request.format, alt };
};
