import type { Installations } from '../ports/installations.ts';
import type { Database } from './tables.ts';

/** Installations in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlInstallations = (db: Database): Installations => {
  const recordsOf = (platform: string) =>
    db.selectFrom('installations').select(['tenant', 'sealed']).where('platform', '=', platform);
  return {
    save: async (platform, { tenant, sealed }) => {
      await db
        .insertInto('installations')
        .values({ platform, tenant, sealed })
        .onConflict((conflict) => conflict.columns(['platform', 'tenant']).doUpdateSet({ sealed }))
        .execute();
    },

    get: (platform, tenant) => recordsOf(platform).where('tenant', '=', tenant).executeTakeFirst(),

    all: (platform) => recordsOf(platform).orderBy('tenant').execute(),

    remove: async (platform, tenant) => {
      await db
        .deleteFrom('installations')
        .where(({ and }) => and({ platform, tenant }))
        .execute();
    },
  };
};
