import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';

/**
 * What people do to messages: of one person to one message one after another, and what concerns all of them after
 * whatever came before it and ahead of whatever comes later.
 */
export const createMessageTurns = () => {
  const inOrder = new KeyedMutex();
  const going = new Map<string, Set<Promise<unknown>>>();
  const common = new Map<string, Promise<unknown>>();

  const track = (message: string, work: Promise<unknown>): void => {
    const under = going.get(message) ?? new Set();
    going.set(message, under.add(work));
    const leave = (): void => {
      under.delete(work);
      if (under.size === 0 && going.get(message) === under) going.delete(message);
      if (common.get(message) === work) common.delete(message);
    };
    void work.then(leave, leave);
  };

  return {
    ofOne: <T>(message: string, user: string, work: () => Promise<T>): Promise<T> => {
      const before = common.get(message);
      const mine = inOrder.run(`${message}:${user}`, async () => {
        await before?.catch(() => {});
        return await work();
      });
      track(message, mine);
      return mine;
    },
    ofAll: <T>(message: string, work: () => Promise<T>): Promise<T> => {
      const mine = Promise.allSettled(going.get(message) ?? []).then(work);
      common.set(message, mine);
      track(message, mine);
      return mine;
    },
  };
};
