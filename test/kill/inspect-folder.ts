import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { JobId } from '../../src/domain/job.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';

export type FolderFacts = {
  /** What `PRAGMA integrity_check` says: `ok`. */
  readonly integrity: string;
  readonly doneRows: number;
  /** Per render: messages that carry the film, all its messages, and whether the outbox has the last word. */
  readonly messages: ReadonlyMap<
    string,
    { readonly films: number; readonly all: number; readonly finished: boolean }
  >;
  readonly checkpointsLeft: number;
};

/** What a bot has left in its folder. It must not be running. */
export const inspectFolder = async (folder: string, ids: readonly string[]): Promise<FolderFacts> => {
  const database = new Sqlite(join(folder, 'gramzoom.db'));
  const integrity = String(database.pragma('integrity_check', { simple: true }));
  const doneRows = Number(database.prepare("select count(*) from jobs where state = 'done'").pluck().get());
  database.close();

  const { store, roomLog, checkpoints, close } = await openStore(folder, { clock: systemClock });
  try {
    const messages = new Map<string, { films: number; all: number; finished: boolean }>();
    for (const id of ids) {
      const said = (await roomLog.ofRender(id as JobId)).map((message) => message.said);
      const films = said.filter(
        (each) =>
          each.kind === 'render' &&
          each.content.body.kind === 'film' &&
          each.content.attachments.some(({ format }) => format === 'gif'),
      );
      const posts = await store.posts.ofJob(id as JobId);
      const finished = posts.some(({ key, message }) => key.endsWith(':final') && message !== null);
      messages.set(id, { films: films.length, all: said.length, finished });
    }
    return { integrity, doneRows, messages, checkpointsLeft: (await checkpoints.list()).length };
  } finally {
    await close();
  }
};
