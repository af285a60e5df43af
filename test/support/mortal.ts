import type { RenderDeps } from '../../src/app/deps.ts';

/** When a process dies: at its n-th call to the outside, before or after the call has had its effect. */
export type Death = { readonly call: number; readonly when: 'before' | 'after' };

export type Mortal = {
  readonly changes: Pick<RenderDeps, 'store' | 'blobs' | 'checkpoints' | 'chats'>;
  /** Resolves when it is dead. */
  readonly died: Promise<void>;
  /** How many calls it has made. */
  readonly calls: number;
};

/** What answers at once, without doing anything. */
const plain: ReadonlySet<string | symbol> = new Set(['list', 'maxFileBytes', 'rerollTarget', 'outside']);

const forEver = new Promise<never>(() => {});

/**
 * Store, files and chat of a process that dies in the middle of a call: from then on none of its calls comes
 * back or has an effect, as if it had been killed there.
 */
export const createMortal = (deps: RenderDeps, death: Death): Mortal => {
  const died = Promise.withResolvers<void>();
  let isDead = false;
  let calls = 0;

  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || plain.has(name)) return member;
        return async (...parameters: unknown[]): Promise<unknown> => {
          if (isDead) return forEver;
          const isLast = ++calls === death.call;
          if (isLast && death.when === 'before') {
            isDead = true;
            died.resolve();
            return forEver;
          }
          const result: unknown = await Reflect.apply(member, target, parameters);
          if (isLast) {
            isDead = true;
            died.resolve();
          }
          return isDead ? forEver : result;
        };
      },
    });

  const {
    jobs,
    leases,
    outbox,
    calendar,
    reactions,
    retention,
    tries,
    erasures,
    inbox,
    installations,
    contests,
  } = deps.store;
  return {
    changes: {
      store: {
        jobs: wrap(jobs),
        leases: wrap(leases),
        outbox: wrap(outbox),
        calendar: wrap(calendar),
        reactions: wrap(reactions),
        retention: wrap(retention),
        tries: wrap(tries),
        erasures: wrap(erasures),
        inbox: wrap(inbox),
        installations: wrap(installations),
        contests: wrap(contests),
      },
      blobs: wrap(deps.blobs),
      checkpoints: wrap(deps.checkpoints),
      chats: new Map([...deps.chats].map(([platform, chat]) => [platform, wrap(chat)])),
    },
    died: died.promise,
    get calls() {
      return calls;
    },
  };
};
