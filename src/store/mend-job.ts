import { type GramzoomError, toFailure } from '../domain/errors.ts';
import { isFinished, type JobState } from '../domain/job.ts';
import { parseRequest } from '../domain/kinds.ts';
import type { finishColumns } from './job-moves.ts';
import { emptyColumns, jobRow } from './job-record.ts';
import type { JobsTable } from './tables.ts';

type Column = keyof typeof jobRow.shape;

const columns = Object.keys(jobRow.shape) as readonly Column[];
/** Without these nobody knows whose row it is. */
const identity: readonly Column[] = ['id', 'platform', 'server', 'user_id'];
/** What it takes to post a film that is there. */
const toDeliver: readonly Column[] = ['request', 'attachment', 'reply_target', 'state', 'result'];

/** What stands in for a column that cannot be read. */
const standIns = (row: JobsTable, { sequence, finished }: Pick<MendOptions, 'sequence' | 'finished'>) => {
  const nowhere = { platform: row.platform, ref: '' };
  return {
    ...emptyColumns,
    sequence,
    request: JSON.stringify({ ...parseRequest({}), seed: 0 }),
    attachment: JSON.stringify({ ...nowhere, name: '' }),
    reply_target: JSON.stringify(nowhere),
    state: 'failed' satisfies JobState,
    created_at: finished.finished_at,
    root: row.id,
    owner_platform: row.platform,
    owner_server: row.server,
    owner_user: row.user_id,
  } satisfies Partial<JobsTable>;
};

type MendOptions = {
  readonly error: GramzoomError<'record-damaged'>;
  /** The next number of a job, for a row that has lost its own. */
  readonly sequence: number;
  /** For a row that fails now. */
  readonly finished: Awaited<ReturnType<typeof finishColumns>>;
};

/**
 * A row whose columns cannot all be read, with something in their place. One that was finished stays so, and a film
 * that is there is posted; any other has failed, since what was asked for is not known for certain any more.
 * @returns a row that can be read again, and whether it was unfinished and has failed by this, which whoever asked
 * for it does not know yet; undefined where it is not known whose row it is
 */
export const mendJob = (
  row: JobsTable,
  options: MendOptions,
): { readonly row: JobsTable; readonly hasFailed: boolean } | undefined => {
  const broken = columns.filter((column) => !jobRow.shape[column].safeParse(row[column]).success);
  const isBroken = (some: readonly Column[]): boolean => some.some((column) => broken.includes(column));
  if (isBroken(identity)) return undefined;
  const instead = standIns(row, options);
  const readable: JobsTable = {
    ...row,
    ...Object.fromEntries(broken.map((column) => [column, instead[column as keyof typeof instead]])),
  };
  const failure = JSON.stringify(toFailure(options.error));
  const goesOn = row.state === 'delivering' && !isBroken(toDeliver);
  if (goesOn || (!isBroken(['state']) && isFinished(row.state as JobState))) {
    const says = row.state === 'failed' && isBroken(['failure']) ? { failure } : {};
    return { row: { ...readable, ...says }, hasFailed: false };
  }
  const ended = { state: 'failed', failure, lease_until: null, ...options.finished };
  return { row: { ...readable, ...ended }, hasFailed: true };
};
