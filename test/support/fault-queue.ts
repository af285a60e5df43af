export type Call = {
  readonly method: string;
  /** The template, `/channels/{channel_id}`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
};

/** Which requests a fault meets: by default any. */
export type FaultPlace = {
  readonly method?: string;
  /** `/channels/{channel_id}/messages`, as the platform's description writes it. */
  readonly path?: string;
  /** Values of the path: `{ channel_id: '…' }`. */
  readonly params?: Readonly<Record<string, string>>;
  /** How the name of a file that comes along ends, such as `.gif`. */
  readonly file?: string;
  /** How many requests it meets; 1 unless told. */
  readonly times?: number;
};

/** A request with the names of its files. */
type Arrived = Call & { readonly files: readonly string[] };

const meets = ({ method, path, params = {}, file }: FaultPlace, call: Arrived): boolean =>
  (file === undefined || call.files.some((name) => name.endsWith(file))) &&
  (method === undefined || method === call.method) &&
  (path === undefined || path === call.path) &&
  Object.entries(params).every(([name, value]) => call.params[name] === value);

/** Faults to come of a fake platform. Each is used up by the requests it meets, in the order they were planned in. */
export const createFaultQueue = <Effect>() => {
  const planned: { readonly place: FaultPlace; readonly effect: Effect; left: number }[] = [];
  return {
    /** Faults that no request has met yet. */
    get waiting(): number {
      return planned.length;
    },
    plan: (effect: Effect, place: FaultPlace): void => {
      planned.push({ place, effect, left: place.times ?? 1 });
    },
    /** The fault for this request, if one waits for it. */
    next: (call: Arrived): Effect | null => {
      const index = planned.findIndex(({ place }) => meets(place, call));
      const fault = planned[index];
      if (!fault) return null;
      fault.left -= 1;
      if (fault.left <= 0) planned.splice(index, 1);
      return fault.effect;
    },
  };
};
