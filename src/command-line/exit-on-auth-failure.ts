import type { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Avoids a restart loop: whatever starts this process again at once would ask the platform all the time. */
const pauseMs = 30_000;

/**
 * Ends a process that a platform does not let in: one sentence, a pause, and exit status 1. Others end at once.
 * @returns whether it was about such an error
 */
export const exitOnAuthFailure = async (
  error: GramzoomError,
  {
    clock,
    say,
    exit,
  }: {
    readonly clock: Clock;
    readonly say: (error: GramzoomError) => void;
    readonly exit: (status: number) => void;
  },
): Promise<boolean> => {
  if (error.code !== 'token-refused' && error.code !== 'intents-refused') return false;
  say(error);
  await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
  exit(1);
  return true;
};
