import { z } from 'zod';

/** An id of Discord's: a number too large for JavaScript, as text. */
export const snowflake = z.string().regex(/^\d{1,20}$/);

export const isSnowflake = (text: string): boolean => snowflake.safeParse(text).success;

const discordEpochMs = 1_420_070_400_000;

/** The moment that an id was made, in milliseconds since 1970. */
export const madeAt = (id: string): number => Number(BigInt(id) >> 22n) + discordEpochMs;
