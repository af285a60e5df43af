import type { Origin } from '../domain/job.ts';
import { forgottenUser } from './forgotten-user.ts';
import type { Database } from './tables.ts';

/** Whether a record mentions somebody's id or name, in JSON within JSON too: there are records within records. */
const mentions = (value: unknown, name: string): boolean => {
  if (typeof value === 'string') {
    if (namedIn(value, name)) return true;
    if (!/^\s*[[{"]/.test(value)) return false;
    try {
      return mentions(JSON.parse(value), name);
    } catch {
      return false;
    }
  }
  if (typeof value !== 'object' || value === null) return String(value) === name;
  return Object.entries(value).some(([key, each]) => mentions(key, name) || mentions(each, name));
};

/** As a word of its own: a longer name is somebody else's. Also as JSON writes it, where the JSON is damaged. */
const namedIn = (text: string, name: string): boolean =>
  [name, JSON.stringify(name).slice(1, -1)].some((written) => {
    for (let at = text.indexOf(written); at >= 0; at = text.indexOf(written, at + 1)) {
      const around = [text.slice(0, at).at(-1) ?? '', text.slice(at + written.length).at(0) ?? ''];
      if (!around.some((letter) => /[\p{L}\p{N}]/u.test(letter))) return true;
    }
    return false;
  });

const forgetDamaged = async (transaction: Database, { user }: Origin): Promise<void> => {
  const rows = await transaction.selectFrom('damaged_records').selectAll().execute();
  for (const { kind, id, problem, record } of rows) {
    if (![id, problem, record].some((text) => mentions(text, user))) continue;
    await transaction.deleteFrom('damaged_records').where('kind', '=', kind).where('id', '=', id).execute();
  }
};

const forgetReactions = async (transaction: Database, { platform, user }: Origin): Promise<void> => {
  const rows = await transaction
    .selectFrom('reactions')
    .select(['place', 'kind'])
    .where('user_id', '=', user)
    .where('place', 'like', `${platform} %`)
    .execute();
  for (const { place, kind } of rows) {
    const user_id = forgottenUser(place, user);
    const change = transaction.updateTable('reactions').set({ user_id, settled: 1 });
    await change.where(({ and }) => and({ place, kind, user_id: user })).execute();
  }
};

/** Where somebody asks who has no server there, they are one. */
const forgetOwnServer = async (transaction: Database, { platform, user }: Origin): Promise<void> => {
  const servers = transaction.selectFrom('served_servers').select('server');
  const rows = await servers.where('platform', '=', platform).execute();
  for (const { server } of rows.filter((row) => namedIn(row.server, user))) {
    await transaction
      .deleteFrom('served_servers')
      .where(({ and }) => and({ platform, server }))
      .execute();
  }
};

/** Films of others that were sent to them alone: where, is known by who they are. */
const forgetCopies = async (transaction: Database, { user }: Origin): Promise<void> => {
  const rows = await transaction
    .selectFrom('outbox')
    .innerJoin('jobs', 'jobs.id', 'outbox.subject_id')
    .select(['outbox.key', 'outbox.message'])
    .where('outbox.subject_kind', '=', 'render')
    .where('outbox.role', 'like', 'copy-%')
    .where('jobs.erasing', '=', 0)
    .execute();
  for (const { key, message } of rows.filter((row) => mentions(row.message, user))) {
    await transaction.deleteFrom('outbox').where('key', '=', key).where('message', '=', message).execute();
  }
};

/** Takes a person's id or name out of all tables but those of renders and rooms. */
export const forgetPerson = async (transaction: Database, person: Origin): Promise<void> => {
  const { platform, user: user_id } = person;
  await transaction
    .deleteFrom('served_users')
    .where(({ and }) => and({ platform, user_id }))
    .execute();
  await forgetOwnServer(transaction, person);
  await forgetCopies(transaction, person);
  await forgetReactions(transaction, person);
  await forgetDamaged(transaction, person);
};
