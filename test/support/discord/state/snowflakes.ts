import type { Clock } from '../../../../src/ports/clock.ts';

const discordEpochMs = 1_420_070_400_000;
const dayMs = 86_400_000;

export type Snowflakes = {
  /** An id of this moment, later than every one before. */
  next(): string;
  /** An id of somebody who came to Discord so many days ago. */
  nextUser(daysAgo: number): string;
  /** An id for a guild: guilds made one after another fall into different shards. */
  nextGuild(): string;
};

/** The moment that an id was made, in milliseconds since 1970. */
export const snowflakeTime = (id: string): number => Number(BigInt(id) >> 22n) + discordEpochMs;

/** Ids as Discord makes them: the time in the upper bits, so that they sort by age. */
export const createSnowflakes = (clock: Clock): Snowflakes => {
  let last = 0n;
  let guilds = 0n;
  let users = 0n;
  const firstGuildMs = BigInt(Date.UTC(2020, 0, 1) - discordEpochMs);
  return {
    next: () => {
      const soonest = BigInt(Math.max(0, Math.floor(clock.wallTime() - discordEpochMs))) << 22n;
      last = soonest > last ? soonest : last + 1n;
      return String(last);
    },
    nextUser: (daysAgo) => {
      const madeMs = Math.max(0, Math.floor(clock.wallTime() - daysAgo * dayMs - discordEpochMs));
      users += 1n;
      return String((BigInt(madeMs) << 22n) + users);
    },
    nextGuild: () => {
      guilds += 1n;
      // The shard is decided by the milliseconds: one for each guild, beginning with shard 0.
      return String((((firstGuildMs >> 10n) << 10n) + guilds - 1n) << 22n);
    },
  };
};

/** The shard that a guild's events go to. */
export const shardOf = (guildId: string | null, shardCount: number): number =>
  guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(shardCount));
