import { describe, expect, it, onTestFinished } from 'vitest';
import { renderSubject } from '../../src/domain/subject.ts';
import type { RoomMessage } from '../../src/ports/room-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { blobNamed, jobIn } from '../support/jobs.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const [photo, film, picture] = [blobNamed('a'), blobNamed('b'), blobNamed('c')];

const opened = async () => {
  const { store, roomLog, close } = await openStore(await createTempFolder(), { clock: createFakeClock() });
  onTestFinished(close);
  const job = await jobIn(store, 'done');
  const say = (said: RoomMessage['said']) => roomLog.append({ room: 'room', thread: null, key: null, said });
  const showing = (...blobs: readonly ReturnType<typeof blobNamed>[]): RoomMessage['said'] => ({
    kind: 'render',
    content: {
      subject: renderSubject(job),
      body: { kind: 'expired', renderKind: 'zoom' },
      attachments: blobs.map((blob) => ({ blob, name: 'zoom.gif', format: 'gif', alt: 'a zoom' })),
      actions: [],
      mentionsRequester: false,
    },
  });
  const asked: RoomMessage['said'] = { kind: 'person', name: 'Ann', text: '/gramzoom', photo, preview: null };
  const uses = async () => [...(await store.retention.uses([photo, film, picture])).keys()].sort();
  return { store, retention: store.retention, roomLog, say, showing, asked, uses };
};

describe('blobs that rooms show', () => {
  it('count as pointed at as long as a message shows them', async () => {
    const { roomLog, say, showing, asked, uses } = await opened();
    const person = await say(asked);
    const bot = await say(showing(picture, picture));
    expect(await uses()).toEqual([photo, picture]);
    await roomLog.edit(bot.id, showing(film));
    expect(await uses()).toEqual([photo, film]);
    await roomLog.remove(person.id);
    await roomLog.remove(bot.id);
    expect(await uses()).toEqual([]);
  });

  it('go from the messages when they are forgotten, which counts as an edit', async () => {
    const { retention, roomLog, say, showing, asked, uses } = await opened();
    const person = await say(asked);
    const bot = await say(showing(film, picture));
    await retention.forget(photo);
    await retention.forget(film);
    const [personNow, botNow] = await roomLog.latest('room', { limit: 9 });
    expect(personNow?.said).toEqual({ ...asked, photo: null });
    expect(botNow?.said).toEqual(showing(picture));
    expect(personNow?.version).toBeGreaterThan(bot.version);
    expect(botNow?.version).toBeGreaterThan(personNow!.version);
    expect(personNow?.id).toBe(person.id);
    expect(await uses()).toEqual([picture]);
  });

  it('take the previews of a photo with them, but those that something else shows', async () => {
    const { retention, roomLog, say, asked, showing, uses } = await opened();
    const seen = { ...asked, preview: { blob: picture, width: 40, height: 30 } } as const;
    await say(seen);
    expect(await uses()).toEqual([photo, picture]);
    const elsewhere = await say(showing(picture));
    expect((await retention.forget(photo)).previews).toEqual([]);
    await roomLog.remove(elsewhere.id);
    await say(seen);
    expect(await retention.forget(photo)).toMatchObject({ isFree: true, previews: [picture] });
    expect((await roomLog.latest('room', { limit: 9 })).map(({ said }) => said)).toEqual(
      [asked, asked].map((said) => ({ ...said, photo: null })),
    );
    expect(await uses()).toEqual([]);
  });

  it('stay where a render under way needs them', async () => {
    const { store, retention, roomLog, say, asked } = await opened();
    const person = await say(asked);
    await store.jobs.update(await jobIn(store, 'queued'), { photo });
    await retention.forget(photo);
    expect(await roomLog.get(person.id)).toEqual(person);
  });
});
