import type { JobId } from '../../domain/job.ts';
import { type Subject, subjectText } from '../../domain/subject.ts';

/** Which of whose messages; `subject` is null where that is not known. */
export type Sought = { readonly subject: Subject | null; readonly role: string };

/** Enough of an id to tell renders apart by eye. */
export const shortId = (id: JobId | string): string => id.slice(0, 8);

/** A file's name that says to which message it belongs. */
export const markedName = (
  name: string,
  { subject, role }: { readonly subject: Subject; readonly role: string },
): string => {
  const render = subjectText(subject);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? `${name}-${render}-${role}` : `${name.slice(0, dot)}-${render}-${role}${name.slice(dot)}`;
};

/** Whether a file's name says that it belongs to that message. */
export const isMarkedName = (name: string, { subject, role }: Sought): boolean =>
  name.includes(`-${subject ? subjectText(subject) : ''}`) && name.includes(`-${role}.`);
