import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { JobState } from '../../src/domain/job.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import type { RoomMessage } from '../../src/ports/room-log.ts';
import { openStore } from '../../src/store/open-store.ts';

/** One render, as its row says. */
export type RowFacts = {
  readonly id: string;
  readonly server: string;
  readonly user: string;
  readonly state: JobState;
  readonly attempt: number;
  /** The code of why there is no film. */
  readonly failure: string | null;
  /** What asked for it. */
  readonly event: string | null;
  readonly parent: string | null;
  readonly seed: number;
};

export type StoreFacts = {
  /** What `PRAGMA integrity_check` says: `ok`. */
  readonly integrity: string;
  readonly rows: readonly RowFacts[];
  readonly doneRows: number;
  /** Renders of which the outbox has the last word. */
  readonly finished: ReadonlySet<string>;
  readonly checkpointsLeft: number;
  /** Events of platforms that were noted and not dealt with. */
  readonly eventsLeft: number;
};

export type FolderFacts = StoreFacts & {
  /** Per render: messages that carry the film, all its messages, and whether the outbox has the last word. */
  readonly messages: ReadonlyMap<
    string,
    { readonly films: number; readonly all: number; readonly finished: boolean }
  >;
};

const readDatabase = <T>(folder: string, read: (database: Sqlite.Database) => T): T => {
  const database = new Sqlite(join(folder, 'gramzoom.db'), { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
};

/** The rows as they are now, in the order in which they were written; the bot may be running. */
export const readRows = (folder: string): readonly RowFacts[] =>
  readDatabase(folder, (database) => {
    const plain = 'id, server, user_id as user, state, attempt, event, parent';
    const read = "failure ->> 'code' as failure, request ->> 'seed' as seed";
    const rows = database.prepare(`select ${plain}, ${read} from jobs order by sequence`).all();
    return rows as readonly RowFacts[];
  });

/** What the local page's rooms say about a render, in whatever room, the oldest first. */
const saidAbout = (folder: string, render: string): readonly RoomMessage['said'][] =>
  readDatabase(folder, (database) => {
    const rows = database
      .prepare('select said from room_messages where render = ? order by sequence')
      .all(render);
    return (rows as readonly { readonly said: string }[]).map(({ said }) => JSON.parse(said));
  });

type Opened = Awaited<ReturnType<typeof openStore>>;

const inspect = async <T>(
  folder: string,
  more: (opened: Opened, facts: StoreFacts) => Promise<T>,
): Promise<StoreFacts & T> => {
  const rows = readRows(folder);
  const integrity = String(
    readDatabase(folder, (database) => database.pragma('integrity_check', { simple: true })),
  );
  const opened = await openStore(folder, { clock: systemClock });
  try {
    const finished = new Set<string>();
    for (const { id } of rows) {
      const posts = await opened.store.outbox.ofSubject(renderSubject(id));
      if (posts.some(({ role, message }) => role === 'final' && message !== null)) finished.add(id);
    }
    const doneRows = rows.filter(({ state }) => state === 'done').length;
    const checkpointsLeft = (await opened.checkpoints.list()).length;
    const eventsLeft = (await opened.store.inbox.pending('slack')).length;
    const facts = { integrity, rows, doneRows, finished, checkpointsLeft, eventsLeft };
    return { ...facts, ...(await more(opened, facts)) };
  } finally {
    await opened.close();
  }
};

/** What a bot has left in its folder. It must not be running. */
export const inspectStore = (folder: string): Promise<StoreFacts> => inspect(folder, async () => ({}));

/** The same with what the local page shows of renders. */
export const inspectFolder = (folder: string, ids: readonly string[]): Promise<FolderFacts> =>
  inspect(folder, async (_, { finished }) => {
    const messages = new Map<string, { films: number; all: number; finished: boolean }>();
    for (const id of ids) {
      const said = saidAbout(folder, id);
      const films = said.filter(
        (each) =>
          each.kind === 'render' &&
          each.content.body.kind === 'result' &&
          each.content.attachments.some(({ format }) => format === 'gif'),
      );
      messages.set(id, { films: films.length, all: said.length, finished: finished.has(id) });
    }
    return { messages };
  });
