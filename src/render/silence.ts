import type { Clock, Timer } from '../ports/clock.ts';

/** How many of its longest steps a child may be silent for. */
const silentSteps = 10;
/** A timer that fires this late was not slow: this process itself stood still (Ctrl-Z, a sleeping laptop). */
const stoodStillMs = 2_000;

export type SilenceWatch = {
  /** The child has said something; `step` where it was one step of work after another. */
  heard(options: { readonly step: boolean }): void;
  /** Nothing is expected until the child has been heard again. */
  pause(): void;
  stop(): void;
};

/**
 * Calls back once a child has been silent for too long: the larger of `minimumMs` and ten times the longest
 * step so far, so that a slow machine is not mistaken for a hung one.
 */
export const watchSilence = (
  clock: Clock,
  { minimumMs, onSilent }: { readonly minimumMs: number; readonly onSilent: (silentMs: number) => void },
): SilenceWatch => {
  let timer: Timer | undefined;
  let lastHeard = clock.now();
  let lastStep: number | undefined;
  let longestStepMs = 0;

  const wait = (): void => {
    timer?.cancel();
    const allowedMs = Math.max(minimumMs, silentSteps * longestStepMs);
    const due = clock.now() + allowedMs;
    timer = clock.after(allowedMs, () => {
      if (clock.now() - due > stoodStillMs) {
        lastHeard = clock.now();
        lastStep = undefined;
        wait();
      } else onSilent(clock.now() - lastHeard);
    });
  };

  wait();
  return {
    heard: ({ step }) => {
      const now = clock.now();
      if (step && lastStep !== undefined) longestStepMs = Math.max(longestStepMs, now - lastStep);
      lastStep = step ? now : undefined;
      lastHeard = now;
      wait();
    },
    pause: () => timer?.cancel(),
    stop: () => timer?.cancel(),
  };
};
