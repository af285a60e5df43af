import type { BlobId, JobId } from '../../domain/job.ts';
import type { MessageAction } from '../../domain/message.ts';

const part = encodeURIComponent;

/** Where everything on the page is found. */
export const addresses = {
  room: (room: string): string => `/rooms/${part(room)}`,
  messages: (room: string): string => `/rooms/${part(room)}/messages`,
  events: (room: string): string => `/rooms/${part(room)}/events`,
  action: (room: string, render: JobId, action: Exclude<MessageAction, 'download'>): string =>
    `/rooms/${part(room)}/renders/${part(render)}/${action}`,
  name: '/name',
  media: (message: string, blob: BlobId): string => `/media/${part(message)}/${part(blob)}`,
  render: (render: JobId): string => `/api/renders/${part(render)}`,
  result: (render: JobId): string => `/api/renders/${part(render)}/result`,
} as const;
