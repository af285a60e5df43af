import { createHash } from 'node:crypto';
import { postKeys } from '../../src/app/deps.ts';
import type { BlobId, JobId } from '../../src/domain/job.ts';
import type { MessageBody, MessageContent } from '../../src/domain/message.ts';
import { renderSubject } from '../../src/domain/subject.ts';

/** What the use cases would say, for tests of those who say it. */

export const render = 'aBcDeFgHiJkLmNoPqRsTuV' as JobId;
export const keys = postKeys(render);

/** Files by their content, in memory. */
export const createMemoryFiles = () => {
  const files = new Map<BlobId, Uint8Array>();
  return {
    put: (bytes: Uint8Array): BlobId => {
      const id = createHash('sha256').update(bytes).digest('hex') as BlobId;
      files.set(id, bytes);
      return id;
    },
    get: async (id: BlobId): Promise<Uint8Array | undefined> => files.get(id),
  };
};

export type MemoryFiles = ReturnType<typeof createMemoryFiles>;

/** A message with these words; the rest as the use cases would say it. */
export const saying = (body: MessageBody, changes: Partial<MessageContent> = {}): MessageContent => ({
  subject: renderSubject(render),
  body,
  attachments: [],
  actions: ['cancel'],
  mentionsRequester: false,
  ...changes,
});

export const fetching = saying({ kind: 'fetching' });
export const cancelled = saying({ kind: 'cancelled' }, { actions: ['delete'] });
export const running = (framesDone: number): MessageContent =>
  saying({
    kind: 'running',
    renderKind: 'zoom',
    progress: { done: framesDone, total: 8, unit: 'frame' },
    share: framesDone / 8,
    etaSeconds: null,
  });

/** A film with these bytes. */
export const filmOf = (
  files: MemoryFiles,
  bytes: Uint8Array = Buffer.from('GIF89a'),
  body: Partial<Extract<MessageBody, { kind: 'result' }>> = {},
): MessageContent =>
  saying(
    {
      kind: 'result',
      renderKind: 'zoom',
      seed: 7,
      network: 'pocket',
      depth: 'style',
      quality: 'draft',
      sides: { width: 64, height: 64 },
      parent: null,
      bytes: bytes.byteLength,
      renderSeconds: 2,
      ...body,
    },
    {
      attachments: [{ blob: files.put(bytes), name: 'gramzoom-7.gif', format: 'gif', alt: 'cat.jpg' }],
      actions: ['reroll', 'larger', 'download', 'delete'],
      mentionsRequester: true,
    },
  );

/** A picture on the way. */
export const pictureOf = (files: MemoryFiles, framesDone: number): MessageContent =>
  saying(
    {
      kind: 'progress',
      renderKind: 'zoom',
      progress: { done: framesDone, total: 8, unit: 'frame' },
      seed: 7,
      network: 'pocket',
      parent: null,
    },
    {
      attachments: [
        {
          blob: files.put(Buffer.from(`a picture of frame ${framesDone}`)),
          name: `frame-00${framesDone}.jpg`,
          format: 'jpeg',
          alt: 'cat.jpg',
        },
      ],
      actions: [],
    },
  );
