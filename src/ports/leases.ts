import type { Job, JobId, JobState } from '../domain/job.ts';
import type { JobChanges } from './jobs.ts';

/** One worker's right to a render. No two claims of any render have the same number. */
export type Lease = { readonly id: JobId; readonly claim: number };

/** A render in state `running`, with the lease of whoever took it. */
export type LeasedJob = Job & Lease;

/**
 * What workers do with rows. A worker that has not renewed its lease for `leaseMs` (see domain/job.ts) may be dead:
 * somebody else may take its render, which changes the claim. Each write about a running row names the claim and
 * is refused (false) where that is not the row's any more or the row does not run, so that a worker that was slow,
 * suspended or cancelled changes nothing. Each method is one transaction, durable once it returns.
 */
export interface Leases {
  /**
   * Takes the next queued job and moves it to `running` with `attempt + 1`, leased: the first one of `fairOrder` (see
   * domain/fairness.ts), where "served" counts claims, not time. Renders whose lease has expired are queued again first.
   */
  claimNext(): Promise<LeasedJob | undefined>;
  /** The worker is still there. */
  renew(lease: Lease): Promise<boolean>;
  /** Writes without moving. */
  update(lease: Lease, changes: JobChanges): Promise<boolean>;
  /** Moves the row out of `running`. */
  leave(
    lease: Lease,
    to: Extract<JobState, 'queued' | 'delivering' | 'failed'>,
    changes?: JobChanges,
  ): Promise<boolean>;
  /** Queues again what runs without a lease that is valid; at a start, when no worker is left, all that runs. */
  release(which: 'expired' | 'all'): Promise<void>;
}
