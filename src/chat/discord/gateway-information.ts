import { type REST, Routes } from 'discord.js';
import { z } from 'zod';
import { isGatewayAddress } from './gateway-packet.ts';

const count = z.number().int().nonnegative();

const schema = z.object({
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
export type GatewayInformation = z.output<typeof schema>;

/** @throws whatever the request throws; ZodError where the answer is none */
export const fetchGatewayInformation = async (rest: REST, signal: AbortSignal): Promise<GatewayInformation> =>
  schema.parse(await rest.get(Routes.gatewayBot(), { signal }));
