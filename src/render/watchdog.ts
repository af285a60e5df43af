import type { Clock, Timer } from '../ports/clock.ts';

/** A child may be silent for this many of its longest steps. */
const silentSteps = 10;
/** A timer that fires this late means that this process itself was suspended (Ctrl-Z, a sleeping laptop). */
const suspendedMs = 2_000;

/**
 * Calls back once a child has sent nothing for too long: the larger of `minimumMs` and ten times the longest step so
 * far, so that a slow machine is not mistaken for a hung one.
 */
export const createWatchdog = (
  clock: Clock,
  { minimumMs, onSilent }: { readonly minimumMs: number; readonly onSilent: (silentMs: number) => void },
) => {
  let timer: Timer | undefined;
  let lastHeard = clock.now();
  let lastStep: number | undefined;
  let longestStepMs = 0;

  const wait = (): void => {
    timer?.cancel();
    const allowedMs = Math.max(minimumMs, silentSteps * longestStepMs);
    const due = clock.now() + allowedMs;
    timer = clock.after(allowedMs, () => {
      if (clock.now() - due > suspendedMs) {
        lastHeard = clock.now();
        lastStep = undefined;
        wait();
      } else onSilent(clock.now() - lastHeard);
    });
  };

  wait();
  return {
    /** Restarts the timer: a message came; `step` where it reports one step of work. */
    heard: ({ step }: { readonly step: boolean }): void => {
      const now = clock.now();
      if (step && lastStep !== undefined) longestStepMs = Math.max(longestStepMs, now - lastStep);
      lastStep = step ? now : undefined;
      lastHeard = now;
      wait();
    },
    /** Stops the timer until the next message. */
    stop: (): void => timer?.cancel(),
  };
};
