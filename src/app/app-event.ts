import type { ErrorCode } from '../domain/errors.ts';
import type { JobId, Platform } from '../domain/job.ts';
import type { Progress } from '../domain/progress.ts';

/** What happens to renders, for whoever counts it. Nothing in the use cases depends on who listens. */
export type AppEvent =
  | { readonly kind: 'queued'; readonly job: JobId; readonly platform: Platform }
  /** `resumed`: it goes on from a checkpoint. */
  | { readonly kind: 'started'; readonly job: JobId; readonly attempt: number; readonly resumed: boolean }
  /** Another frame, or whatever its kind counts, is done. */
  | { readonly kind: 'progress'; readonly job: JobId; readonly progress: Progress }
  /** The renderer died or hung, and the render goes on from its checkpoint. */
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
  | { readonly kind: 'duplicate-suppressed'; readonly job: JobId; readonly key: string }
  | { readonly kind: 'chat-retried'; readonly job: JobId; readonly code: ErrorCode }
  /** Retention removed a file. */
  | { readonly kind: 'removed'; readonly what: 'photo' | 'result' | 'unreferenced'; readonly bytes: number };
