import type { Entry } from '../../../domain/contest/contest.ts';
import type { Job } from '../../../domain/job.ts';
import type { MessageAttachment } from '../../../domain/message.ts';

type Shown = Pick<Entry, 'id' | 'number'>;

/** It is named by its number: names of films and photos would tell whose it is. */
const named = ({ number, id }: Shown, format: MessageAttachment['format']) => ({
  ...{ name: `entry-${number}-${id}.${format}`, format, alt: `#${number}` },
});

/** The film of an entry with its still; null before it is rendered, and once it is gone. */
export const entryFilm = (entry: Shown, job: Job | undefined): MessageAttachment | null => {
  if (!job || job.result === null) return null;
  const { poster, report, request, result } = job;
  return {
    ...named(entry, request.format),
    blob: result,
    ...(poster !== null && { still: poster }),
    ...(report && { sides: { width: report.width, height: report.height } }),
  };
};

/** A still of an entry; of what does not move the picture itself. Null once it is gone. */
export const entryStill = (entry: Shown, job: Job | undefined): MessageAttachment | null => {
  if (!job) return null;
  const { poster, result, request } = job;
  if (poster !== null) return { ...named(entry, 'png'), blob: poster };
  return result === null ? null : { ...named(entry, request.format), blob: result };
};
