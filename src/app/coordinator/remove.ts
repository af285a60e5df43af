import { GramzoomError, toFailure } from '../../domain/errors.ts';
import { type BlobId, isFinished, type Job, type JobId, type Platform } from '../../domain/job.ts';
import { renderSubject } from '../../domain/subject.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import { postKeys } from '../deps.ts';
import { clearCheckpoints } from '../outcome.ts';
import type { Actor } from '../renders.ts';
import { ownJob } from './cancel.ts';
import { followRender } from './contests/entries-of-render.ts';
import { type Coordinator, pendingSends } from './coordinator.ts';
import { hasNoRecipient, noRecipient } from './outbox.ts';

/** One that is gone already is all right. */
export const removeMessage = async (chat: Chat, message: MessageRef): Promise<void> => {
  try {
    await chat.remove(message);
  } catch (error) {
    if (!(error instanceof GramzoomError) || error.code !== 'chat-gone') throw error;
  }
};

/** A message that a process sent and died before it could note it. */
const findUnnoted = async (
  chat: Chat,
  job: Job,
  { key, answer }: { readonly key: string; readonly answer: MessageRef | null },
): Promise<MessageRef | null> => {
  try {
    if (key === postKeys(job.id).answer) return (await chat.find(job.replyTarget, key)) ?? null;
    if (!answer || hasNoRecipient(answer)) return null;
    const thread = await chat.openThread(answer, job.attachment.name);
    return (await chat.find(thread, key)) ?? null;
  } catch (error) {
    if (error instanceof GramzoomError && error.code === 'chat-gone') return null;
    throw error;
  }
};

/** Notes what was sent and never noted, so that it is removed with the rest. */
const withUnnoted = async ({ deps }: Coordinator, job: Job, chat: Chat) => {
  const { outbox } = deps.store;
  const begun = await outbox.ofSubject(renderSubject(job.id));
  const keys = postKeys(job.id);
  const ordered = begun.toSorted((a, b) => Number(b.key === keys.answer) - Number(a.key === keys.answer));
  let answer: MessageRef | null = null;
  const found: { readonly key: string; readonly message: MessageRef | null }[] = [];
  for (const { key, message } of ordered) {
    const known: MessageRef | null = message ?? (await findUnnoted(chat, job, { key, answer }));
    if (key === keys.answer) answer = known;
    found.push({ key, message: known });
  }
  return found;
};

/** What was said about a render is gone from its chat. The answer goes last: the thread hangs on it. */
export const removeMessages = async (
  coordinator: Coordinator,
  job: Job,
  { isThorough = false }: { readonly isThorough?: boolean } = {},
): Promise<void> => {
  const { store, chats } = coordinator.deps;
  const chat = chats.get(job.replyTarget.platform);
  const posts =
    isThorough && chat
      ? await withUnnoted(coordinator, job, chat)
      : await store.outbox.ofSubject(renderSubject(job.id));
  const { answer } = postKeys(job.id);
  const ordered = posts.toSorted((a, b) => Number(a.key === answer) - Number(b.key === answer));
  const messages = new Map(
    ordered.flatMap(({ message }) => (message ? [[message.ref, message] as const] : [])),
  );
  for (const message of messages.values()) {
    if (chat && !hasNoRecipient(message)) await removeMessage(chat, message);
  }
};

/** Files that no other render needs go at once; a photo may be about to belong to another row, so it goes later. */
export const removeFiles = ({ deps, blobLock }: Coordinator, job: Job): Promise<void> =>
  blobLock.run(async () => {
    const files = [job.result, job.poster].filter((blob): blob is BlobId => blob !== null);
    const uses = await deps.store.retention.uses(files);
    for (const blob of files) if (!uses.has(blob)) await deps.blobs.remove(blob);
  });

/**
 * See `Renders.remove`. The row goes last but for the files: what is interrupted can be done again.
 * @throws GramzoomError `chat-unreachable` too, with the row still there
 */
export const remove = async (coordinator: Coordinator, id: JobId, by: Actor): Promise<void> => {
  await ownJob(coordinator, id, by);
  await pendingSends(coordinator, id);
  const job = await ownJob(coordinator, id, by);
  if (!isFinished(job.state)) throw new GramzoomError('not-ready', {});
  await coordinator.messageSync.drop(id);
  await removeMessages(coordinator, job);
  await clearCheckpoints(coordinator.deps, job);
  await followRender(coordinator, id, { isGone: true });
  await coordinator.deps.store.jobs.remove(id);
  await removeFiles(coordinator, job);
};

/** So many of the newest are looked through where a place is gone. */
const mostFilms = 10_000;

/** See `Renders.filmMessages`. */
export const filmMessages = ({ deps }: Coordinator, platform: Platform): Promise<readonly MessageRef[]> =>
  deps.store.outbox.latest(platform, { kind: 'render', role: 'final', limit: mostFilms });

/** See `Renders.filmGone`. */
export const filmGone = async (
  coordinator: Coordinator,
  message: Pick<MessageRef, 'platform' | 'ref'>,
): Promise<void> => {
  const { jobs, outbox } = coordinator.deps.store;
  const post = await outbox.of(message);
  if (post?.subject.kind !== 'render' || post.role !== 'final') return;
  const id = post.subject.id as JobId;
  await pendingSends(coordinator, id);
  const job = await jobs.get(id);
  if (job?.state !== 'done') return;
  await coordinator.messageSync.drop(job.id);
  const failure = toFailure(new GramzoomError('film-deleted', {}));
  await jobs.update(job.id, { result: null, poster: null, failure });
  await followRender(coordinator, job.id);
  await outbox.finish(post.key, noRecipient(message.platform));
  await removeFiles(coordinator, job);
  coordinator.deps.log.forJob(job.id).info('render: the film was deleted in the chat');
};
