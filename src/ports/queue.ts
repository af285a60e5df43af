/**
 * The line in front of the one GPU pipeline. A task is anonymous: which job it runs is decided by the store
 * when it starts.
 */
export interface Queue {
  /** One more task: "claim the next and run it". */
  add(): void;
  /** Tasks that wait. */
  readonly waiting: number;
  /** Whether one runs now. */
  readonly busy: boolean;
  /** Takes nothing new, forgets what waits, and waits for the task that runs. */
  close(): Promise<void>;
}
