import type { Coordinator } from './coordinator.ts';

/**
 * See `Renders.stop`. Whatever is not over by the end of the grace time stops where it is: its row says how
 * to go on.
 */
export const stop = async (
  coordinator: Coordinator,
  { graceMs }: { readonly graceMs: number },
): Promise<void> => {
  const { deps, queue, messageSync, notifier, background, deadline } = coordinator;
  if (deadline.signal.aborted) return;
  coordinator.isStopping = true;
  const late = Promise.withResolvers<void>();
  deadline.signal.addEventListener('abort', () => late.resolve(), { once: true });
  const timer = deps.clock.after(graceMs, () => {
    deadline.abort();
    coordinator.running?.controller.abort();
  });
  // The render that runs stops after its next checkpoint, or with the deadline.
  await queue.close();
  await notifier.close();
  const sweeping = coordinator.calendar.close();
  const rest = async (): Promise<void> => {
    while (background.size > 0) await Promise.all(background);
    await messageSync.idle();
    await sweeping;
  };
  await Promise.race([rest(), late.promise]);
  timer.cancel();
  deadline.abort();
};
