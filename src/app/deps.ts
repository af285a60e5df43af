import type { Mutex } from '../concurrency/keyed-mutex.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { BlobId, JobId, Origin, Platform } from '../domain/job.ts';
import type { Size } from '../domain/picture.ts';
import type { Progress } from '../domain/progress.ts';
import type { ReactionCooldown } from '../domain/reaction-cooldown.ts';
import { renderSubject } from '../domain/subject.ts';
import type { Blobs, Checkpoints } from '../ports/blobs.ts';
import type { CalendarEntry } from '../ports/calendar.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { JobEvents } from '../ports/job-events.ts';
import type { Limits } from '../ports/jobs.ts';
import type { AppLog } from '../ports/log.ts';
import type { Networks } from '../ports/networks.ts';
import type { DrawPoster } from '../ports/poster.ts';
import type { Renderer } from '../ports/renderer.ts';
import type { Store } from '../ports/store.ts';

/** How long files are kept after the render is finished; null: for ever, or without a limit. */
export type RetentionRules = {
  readonly photoDays: number | null;
  readonly resultDays: number | null;
  /** Rows without files, with all that was said about them, and what else was said in rooms. */
  readonly rowDays: number | null;
  /** All blobs together; above it the oldest results go first, then the oldest photos. */
  readonly maxDataBytes: number | null;
};

/** What happens to renders, for whoever counts it. Nothing in the use cases depends on who listens. */
export type AppEvent =
  | { readonly kind: 'queued'; readonly job: JobId; readonly platform: Platform }
  /** `resumed`: it continues from a checkpoint. */
  | { readonly kind: 'started'; readonly job: JobId; readonly attempt: number; readonly resumed: boolean }
  /** Another frame, or whatever its kind counts, is done. */
  | { readonly kind: 'progress'; readonly job: JobId; readonly progress: Progress }
  /** The renderer died or hung, and the render continues from its checkpoint. */
  | { readonly kind: 'retried'; readonly job: JobId; readonly code: ErrorCode }
  /** `seconds` were spent in the renderer in this process; null where none were. */
  | {
      readonly kind: 'finished';
      readonly job: JobId;
      readonly state: 'done' | 'failed' | 'cancelled';
      readonly code: ErrorCode | null;
      readonly seconds: number | null;
    }
  /** Something was about to be said twice and was not. */
  | { readonly kind: 'duplicate-suppressed'; readonly subject: string; readonly key: string }
  | { readonly kind: 'chat-retried'; readonly subject: string; readonly code: ErrorCode }
  /** Retention removed a file. */
  | { readonly kind: 'removed'; readonly what: 'photo' | 'result' | 'unreferenced'; readonly bytes: number };

/** Everything that the use cases need from outside. */
export type RenderDeps = {
  readonly store: Omit<Store, 'check' | 'close'>;
  readonly blobs: Blobs;
  readonly checkpoints: Checkpoints;
  readonly disk: Disk;
  readonly renderer: Renderer;
  /** Within this process, unless told. */
  readonly events?: JobEvents;
  readonly chats: ReadonlyMap<Platform, Chat>;
  readonly clock: Clock;
  readonly limits: Limits;
  /** What one render may cost, in default films; at least one. See domain/work-limit.ts. */
  readonly maxWork: number;
  readonly retention: RetentionRules;
  /** Opens a photo far enough to know that it can be rendered. @throws GramzoomError the `photo-` codes */
  readonly inspectPhoto: (bytes: Uint8Array, options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly newId: () => JobId;
  /** A whole number from 0 to 2^32 - 1. */
  readonly newSeed: () => number;
  /** What a request that does not name it gets. */
  readonly defaults: { readonly network: string };
  readonly networks: Pick<Networks, 'list' | 'require'>;
  readonly maxPhotoBytes: number;
  /** People who may do in every contest of their platform what moderators may. */
  readonly operators: readonly Pick<Origin, 'platform' | 'user'>[];
  /** IANA name of the zone that this machine is in. */
  readonly zone: string;
  /** Draws pictures of results; without it there are none. */
  readonly drawPoster?: DrawPoster;
  /** As `reactionCooldown` has it unless told. */
  readonly cooldown?: ReactionCooldown;
  readonly log: AppLog;
  /** Is notified of everything that happens; must not throw. */
  readonly observe: (event: AppEvent) => void;
};

/** What the parts of one process share besides the store and the files. */
type SharedDeps = {
  readonly events: JobEvents;
  /** Held while a file is stored and a row is pointed at it, and while files without a row are removed. */
  readonly blobLock: Mutex;
};

/** What the coordinator works with: it does not render. */
export type CoordinatorDeps = Omit<RenderDeps, 'renderer' | 'events'> &
  SharedDeps & { readonly renderer: Pick<Renderer, 'work'> };

/** What a worker works with: it talks to no chat. */
export type WorkerDeps = Pick<
  RenderDeps,
  'renderer' | 'blobs' | 'checkpoints' | 'clock' | 'defaults' | 'log' | 'observe'
> &
  SharedDeps & { readonly store: Pick<Store, 'jobs' | 'leases' | 'outbox' | 'tries'> };

/** The names of a render's messages in the outbox. */
export const postKeys = (id: JobId) =>
  ({
    answer: `${id}:answer`,
    progress: `${id}:progress`,
    final: `${id}:final`,
  }) as const;

/** The name in the outbox of a film that one reaction asked to be sent. */
export const copyKey = (id: JobId, sequence: number): string => `${id}:copy-${sequence}`;

/** In the calendar: the answer to a render that was taken back goes, once it says so. */
export const withdrawalOf = (render: JobId): CalendarEntry => ({
  subject: renderSubject(render),
  what: 'remove-withdrawn',
});

/** A look at a render, stored. */
export type StoredPicture = { readonly blob: BlobId; readonly name: string; readonly sides: Size };
