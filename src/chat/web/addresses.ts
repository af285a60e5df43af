import type { BlobId, JobId } from '../../domain/job.ts';
import type { MessageAction } from '../../domain/message.ts';
import type { Subject } from '../../domain/subject.ts';

const part = encodeURIComponent;

/** Where everything on the page is found. */
export const addresses = {
  room: (room: string): string => `/rooms/${part(room)}`,
  messages: (room: string): string => `/rooms/${part(room)}/messages`,
  events: (room: string): string => `/rooms/${part(room)}/events`,
  action: (room: string, { kind, id }: Subject, action: MessageAction): string =>
    `/rooms/${part(room)}/${kind}s/${part(id)}/${action}`,
  name: '/name',
  media: (message: string, blob: BlobId): string => `/media/${part(message)}/${part(blob)}`,
  render: (render: JobId): string => `/api/renders/${part(render)}`,
  result: (render: JobId): string => `/api/renders/${part(render)}/result`,
} as const;
