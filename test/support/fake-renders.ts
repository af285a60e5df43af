import type { ErasureOrder, JobView, QueueView, Renders } from '../../src/app/renders.ts';
import { type Failure, GramzoomError, toFailure, toGramzoomError } from '../../src/domain/errors.ts';
import {
  type ErasureCount,
  isFinished,
  isSamePerson,
  type JobId,
  type JobState,
  type Origin,
  type ReplyTarget,
} from '../../src/domain/job.ts';
import { largerSize, parseRequest, progressOf, type RenderOptions } from '../../src/domain/kinds.ts';
import type { MessageBody, MessageContent } from '../../src/domain/message.ts';
import type { Size } from '../../src/domain/picture.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import type { Blobs } from '../../src/ports/blobs.ts';
import type { Chat, MessageRef } from '../../src/ports/chat.ts';
import { fakeContests } from './fake-contests.ts';
import { fakeNetworkFacts } from './fake-networks.ts';

type FakeRow = {
  readonly id: JobId;
  readonly origin: Origin;
  readonly options: RenderOptions;
  readonly seed: number;
  readonly parent: JobId | null;
  readonly photo: Uint8Array;
  readonly replyTarget: ReplyTarget;
  state: JobState;
  framesDone: number;
  failure: Failure | null;
  file: Uint8Array | null;
  answer: MessageRef | null;
};

export type FakeRenders = Renders & {
  /** Every submission that was taken, with the photo as it was opened. */
  readonly rows: readonly Readonly<FakeRow>[];
  /** From now on every submission and re-roll fails so. */
  refuseWith(error: GramzoomError | null): void;
  /** Gives no film until the row is finished by hand. */
  start(id: JobId, framesDone: number): Promise<void>;
  finish(id: JobId, file: Uint8Array): Promise<void>;
  fail(id: JobId, failure: Failure): Promise<void>;
};

/** Buttons by the use cases that they stand for, so that a test that notes these sees what was pressed. */
export const pressBy =
  (
    renders: Pick<Renders, 'reroll' | 'enlarge' | 'cancel' | 'remove' | 'erase' | 'erasable'>,
  ): Renders['press'] =>
  async ({ subject, action, isConfirmed = false, ...by }) => {
    const id = subject.id as JobId;
    switch (action) {
      case 'reroll':
        return { kind: 'queued', render: await renders.reroll(id, by) };
      case 'larger':
        return { kind: 'queued', render: await renders.enlarge(id, by) };
      case 'cancel':
        return { kind: 'cancelled', render: await renders.cancel(id, by) };
      case 'delete':
        await renders.remove(id, by);
        return { kind: 'removed' };
      case 'delete-photo': {
        const count = await renders[isConfirmed ? 'erase' : 'erasable']({ photoOf: id }, by.actor);
        return { kind: 'erase-photo', photoOf: id, isConfirmed, count };
      }
      default:
        throw new GramzoomError('not-found', {});
    }
  };

const limits = { perUser: 2, perServer: 6 } as const;
const secondsEach = 10;

/** Renders without a renderer: rows in memory, moved by hand, told to a chat as the real ones do. */
export const createFakeRenders = (chat: () => Chat, blobs: Pick<Blobs, 'put' | 'remove'>): FakeRenders => {
  const rows: FakeRow[] = [];
  let refusal: GramzoomError | null = null;

  const rowOf = (id: JobId): FakeRow => {
    const row = rows.find((candidate) => candidate.id === id);
    if (!row) throw new GramzoomError('not-found', {});
    return row;
  };
  const ownRow = (id: JobId, actor: Origin): FakeRow => {
    const row = rowOf(id);
    if (row.origin.user !== actor.user) throw new GramzoomError('not-yours', {});
    return row;
  };
  const waitingRows = (): readonly FakeRow[] => rows.filter(({ state }) => state === 'queued');

  const sidesOf = ({ file, options }: FakeRow): Size | null =>
    file && { width: options.size, height: options.size };

  const ownerOf = ({ photo }: FakeRow): Origin => rows.find((row) => row.photo === photo)!.origin;

  const erasedBy = (order: ErasureOrder, actor: Origin): readonly FakeRow[] => {
    if (order === 'everything') {
      return rows.filter((row) => isSamePerson(row.origin, actor) || isSamePerson(ownerOf(row), actor));
    }
    const { photo } = rowOf(order.photoOf);
    const ofPhoto = rows.filter((row) => row.photo === photo);
    if (!isSamePerson(ofPhoto[0]!.origin, actor)) throw new GramzoomError('not-your-photo', {});
    return ofPhoto;
  };
  const countOf = (found: readonly FakeRow[], actor: Origin): ErasureCount => ({
    photos: new Set(found.filter((row) => isSamePerson(ownerOf(row), actor)).map(({ photo }) => photo)).size,
    renders: found.length,
    ofOthers: found.filter(({ origin }) => !isSamePerson(origin, actor)).length,
  });

  const viewOf = (row: FakeRow): JobView => {
    const place = waitingRows().indexOf(row);
    const position = place < 0 ? null : place + 1;
    const etaSeconds =
      position === null ? (row.state === 'running' ? secondsEach : null) : position * secondsEach;
    const progress = progressOf(row.options, row.framesDone);
    return {
      id: row.id,
      origin: row.origin,
      state: row.state,
      position: position ?? (row.state === 'running' ? 0 : null),
      waiting: waitingRows().length,
      etaSeconds,
      kind: row.options.kind,
      progress,
      share: progress.done / progress.total,
      seed: row.seed,
      network: row.options.network,
      depth: row.options.depth,
      quality: row.options.quality,
      sides: sidesOf(row),
      format: row.options.format,
      parent: row.parent,
      photoOwner: ownerOf(row),
      size: row.options.size,
      failure: row.failure,
      waitsForSpace: false,
    };
  };

  const bodyOf = (row: FakeRow): MessageBody => {
    const { kind: renderKind, position, waiting, etaSeconds, progress, share } = viewOf(row);
    if (row.failure) return { kind: 'failed', failure: row.failure };
    if (row.state === 'cancelled') return { kind: 'cancelled' };
    if (row.state === 'running')
      return {
        kind: 'running',
        renderKind,
        progress,
        share,
        etaSeconds,
      };
    if (row.state !== 'done') return { kind: 'waiting', position: position || 1, total: waiting, etaSeconds };
    const { seed, parent, options, file } = row;
    return {
      kind: 'result',
      renderKind,
      seed,
      network: options.network,
      depth: options.depth,
      quality: options.quality,
      sides: sidesOf(row),
      parent,
      bytes: file?.length ?? 0,
      renderSeconds: secondsEach,
    };
  };

  const tell = async (row: FakeRow): Promise<void> => {
    const content: MessageContent = {
      subject: renderSubject(row.id),
      body: bodyOf(row),
      attachments: [],
      actions: isFinished(row.state) ? ['reroll', 'larger', 'delete'] : ['cancel'],
      mentionsRequester: false,
    };
    if (row.answer) await chat().edit(row.answer, content);
    else row.answer = await chat().send(row.replyTarget, content, { key: `${row.id}:answer` });
  };

  const admit = (origin: Origin | null): void => {
    if (refusal) throw refusal;
    if (!origin) return;
    const active = rows.filter(({ state }) => !isFinished(state));
    if (active.filter(({ origin: { user } }) => user === origin.user).length >= limits.perUser) {
      throw new GramzoomError('user-limit', { limit: limits.perUser });
    }
    if (active.filter(({ origin: { server } }) => server === origin.server).length >= limits.perServer) {
      throw new GramzoomError('server-limit', { limit: limits.perServer });
    }
  };

  const add = async (row: Omit<FakeRow, 'id' | 'state' | 'framesDone' | 'failure' | 'file' | 'answer'>) => {
    admit(row.origin);
    const id = `render-${String(rows.length + 1).padStart(15, '0')}` as JobId;
    const added: FakeRow = {
      ...row,
      id,
      state: 'queued',
      framesDone: 0,
      failure: null,
      file: null,
      answer: null,
    };
    rows.push(added);
    await tell(added);
    return viewOf(added);
  };

  const move = async (row: FakeRow, state: JobState): Promise<JobView> => {
    row.state = state;
    await tell(row);
    return viewOf(row);
  };

  const fake: FakeRenders = {
    rows,
    refuseWith: (error) => {
      refusal = error;
    },
    start: async (id, framesDone) => {
      const row = rowOf(id);
      row.framesDone = framesDone;
      await move(row, 'running');
    },
    finish: async (id, file) => {
      const row = rowOf(id);
      row.framesDone = progressOf(row.options, 0).total;
      row.file = file;
      await move(row, 'done');
    },
    fail: async (id, failure) => {
      const row = rowOf(id);
      row.failure = failure;
      await move(row, 'failed');
    },

    admit: async (origin, options) => {
      if (options !== undefined) parseRequest(options);
      admit(origin);
    },
    keepPhoto: async (bytes, { origin, options, use }) => {
      admit(origin);
      parseRequest(options);
      const photo = await blobs.put(bytes);
      try {
        return await use(photo);
      } catch (error) {
        await blobs.remove(photo);
        throw error;
      }
    },
    submit: async ({ origin, options, attachment, replyTarget }) => {
      const parsed = parseRequest(options);
      const signal = new AbortController().signal;
      const photo = Uint8Array.from(await chat().openAttachment(attachment, { signal, maxBytes: 1e9 }));
      return add({ origin, options: parsed, seed: parsed.seed ?? 7, parent: null, photo, replyTarget });
    },
    reroll: async (id, { actor, replyTarget }) => {
      const { options, photo, seed } = rowOf(id);
      return add({ origin: actor, options, photo, seed: seed + 1, parent: id, replyTarget });
    },
    enlarge: async (id, { actor, replyTarget }) => {
      const { options, photo, seed } = rowOf(id);
      const size = largerSize(options);
      if (size === null) throw new GramzoomError('largest-already', { size: options.size });
      return add({ origin: actor, options: { ...options, size }, photo, seed, parent: id, replyTarget });
    },
    asked: async (id) => {
      const row = rowOf(id);
      const { seed: _, ...options } = row.options;
      return { options, replyTarget: row.replyTarget, photoOwner: ownerOf(row) };
    },
    cancel: async (id, { actor }) => {
      const row = ownRow(id, actor);
      if (isFinished(row.state)) throw new GramzoomError('already-finished', {});
      return move(row, 'cancelled');
    },
    remove: async (id, { actor }) => {
      const row = ownRow(id, actor);
      if (!isFinished(row.state)) throw new GramzoomError('not-ready', {});
      if (row.answer) await chat().remove(row.answer);
      rows.splice(rows.indexOf(row), 1);
    },
    erasable: async (order, actor) => countOf(erasedBy(order, actor), actor),
    erase: async (order, actor) => {
      const found = erasedBy(order, actor);
      const count = countOf(found, actor);
      for (const row of found) {
        if (row.answer) await chat().remove(row.answer);
        rows.splice(rows.indexOf(row), 1);
      }
      return count;
    },
    press: (button) => pressBy(fake)(button),
    react: async () => ({ kind: 'ignored' }),
    refuse: async ({ message }, { error, replyTarget }) => {
      const notice = {
        ...{
          subject: renderSubject('film'),
          attachments: [],
          actions: [],
          mentionsRequester: false,
          isNotice: true,
        },
        body: { kind: 'failed', failure: toFailure(toGramzoomError(error)) },
      } as const;
      await chat().send(replyTarget, notice, { key: `${message.ref}:notice` });
    },
    unreact: async () => {},
    clearReactions: async () => {},
    reactable: async () => [],
    busyServers: async () => [],
    leave: async () => 0,
    filmMessages: async () => [],
    filmGone: async () => {},
    view: async (id) => {
      const row = rows.find((candidate) => candidate.id === id);
      return row && viewOf(row);
    },
    renderAt: async () => rows.map(viewOf).at(-1),
    sentMessage: async ({ platform, ref }) =>
      rows.flatMap(({ answer }) => answer ?? []).find((one) => one.platform === platform && one.ref === ref),
    shownAt: async (id) => rows.find((row) => row.id === id)?.answer ?? undefined,
    film: async (id) => {
      const row = rowOf(id);
      if (!row.file) throw new GramzoomError('not-ready', {});
      return { blob: await blobs.put(row.file), format: row.options.format };
    },
    result: async (id) => {
      const row = rowOf(id);
      if (!row.file) throw new GramzoomError('not-ready', {});
      return { bytes: row.file, format: row.options.format };
    },
    queue: async (): Promise<QueueView> => {
      const running = rows.find(({ state }) => state === 'running');
      return { running: running ? viewOf(running) : null, waiting: waitingRows().map(viewOf) };
    },
    mine: async (actor) =>
      rows
        .filter(({ origin }) => origin.user === actor.user)
        .map(viewOf)
        .toReversed(),
    contests: fakeContests,
    maxWork: 6,
    networks: async () => ({ standard: 'pocket', all: fakeNetworkFacts }),
    resume: async () => ({ fetching: 0, rendering: 0, delivering: 0 }),
    stop: async () => {},
  };
  return fake;
};
