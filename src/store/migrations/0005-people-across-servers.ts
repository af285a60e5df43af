import { type Kysely, sql } from 'kysely';

/**
 * A person counts across the servers of a platform, but on Slack, where ids are unique within a workspace only. Who
 * asks on Discord where the bot is no member, direct messages included, counts as a server of their own.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  // A place is JSON within JSON: between name and quote there is a backslash.
  await sql`update jobs set server = 'user:' || user_id where platform = 'discord'
    and (server like 'dm:%' or reply_target like '%isGuest_":true%')`.execute(db);
  await sql`delete from served_servers where platform = 'discord' and server like 'dm:%'`.execute(db);

  await sql`insert into served_users (platform, server, user_id, claim, seen)
    select platform, '', user_id, max(claim), max(seen) from served_users
    where platform <> 'slack' group by platform, user_id`.execute(db);
  await sql`delete from served_users where platform <> 'slack' and server <> ''`.execute(db);
};
