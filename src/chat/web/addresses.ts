import type { ContestId } from '../../domain/contest/contest.ts';
import type { BlobId, JobId } from '../../domain/job.ts';
import type { MessageAction, MessageAttachment } from '../../domain/message.ts';
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
  /** A file that somebody has been shown: see shown-files.ts. */
  shown: (file: {
    readonly blob: BlobId;
    readonly format: MessageAttachment['format'];
    readonly key: string;
  }): string => `/shown/${part(file.blob)}.${file.format}?key=${part(file.key)}`,
  /** The contest of a room, the newest one unless told. */
  contest: (room: string, contest?: ContestId): string =>
    `/rooms/${part(room)}/contest${contest === undefined ? '' : `/${part(contest)}`}`,
  contestPart: (
    room: string,
    what: 'step' | 'photo' | 'rank' | 'start' | 'manage' | 'export' | 'badge',
  ): string => `/rooms/${part(room)}/contest/${what}`,
  contestFile: (room: string, contest: ContestId): string =>
    `/rooms/${part(room)}/contest/${part(contest)}/file`,
  render: (render: JobId): string => `/api/renders/${part(render)}`,
  result: (render: JobId): string => `/api/renders/${part(render)}/result`,
} as const;
