import { type GatewayReceivePayload, GatewayOpcodes as Op, type REST, Routes } from 'discord.js';
import { z } from 'zod';

/** Whether a connection can be opened to it. */
export const isGatewayAddress = (url: unknown): url is string =>
  typeof url === 'string' && URL.canParse(url) && ['ws:', 'wss:'].includes(new URL(url).protocol);

const count = z.number().int().nonnegative();

const information = z.object({
  url: z.string().refine(isGatewayAddress, 'no address of a gateway'),
  /** Shards that Discord recommends. */
  shards: z.number().int().min(1).max(10_000),
  session_start_limit: z.object({
    total: count,
    remaining: count,
    /** Milliseconds. */
    reset_after: count,
    max_concurrency: z.number().int().min(1),
  }),
});

/** Where the gateway is, and how many sessions may be begun there. */
export type GatewayInformation = z.output<typeof information>;

/** @throws whatever the request throws; ZodError where the answer is none */
export const fetchGatewayInformation = async (rest: REST, signal: AbortSignal): Promise<GatewayInformation> =>
  information.parse(await rest.get(Routes.gatewayBot(), { signal }));

const envelope = z.object({ op: z.number() });
const dispatch = z.object({ t: z.string() });
const ready = z.object({ d: z.object({ session_id: z.string().min(1) }), s: z.number().int() });
const hello = z.object({ d: z.object({ heartbeat_interval: z.number().positive() }) });

export type ReadPacket = {
  /** What discord.js takes without throwing; null where it shall not see it. */
  readonly packet: GatewayReceivePayload | null;
  /** What was not as it should be. */
  readonly problem: 'packet' | 'dispatch' | 'ready' | 'hello' | null;
};

/** A packet of the gateway, as far as the connection itself depends on it. */
export const readPacket = (packet: unknown): ReadPacket => {
  const read = envelope.safeParse(packet);
  if (!read.success) return { packet: null, problem: 'packet' };
  const received = packet as GatewayReceivePayload;
  switch (read.data.op) {
    case Op.Dispatch: {
      const named = dispatch.safeParse(packet);
      if (!named.success) return { packet: null, problem: 'dispatch' };
      if (named.data.t !== 'READY' || ready.safeParse(packet).success) break;
      return { packet: null, problem: 'ready' };
    }
    case Op.Hello:
      if (hello.safeParse(packet).success) break;
      return { packet: null, problem: 'hello' };
    case Op.InvalidSession:
      return { packet: { ...received, d: (received.d as unknown) === true } as never, problem: null };
    default:
  }
  return { packet: received, problem: null };
};
