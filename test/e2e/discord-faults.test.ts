import { PermissionFlagsBits as Bit, RESTJSONErrorCodes as Code } from 'discord-api-types/v10';
import { afterEach, describe, expect, it } from 'vitest';
import type { Place } from '../support/discord/driver/place.ts';
import {
  decodeFilm,
  endless,
  isFilm,
  photoNamed,
  shown,
  small,
  stageForFile,
} from '../support/discord-stage.ts';
import type { FaultPlace } from '../support/fault-queue.ts';

const stage = stageForFile();

/** The request that brings a film. */
const withFilm = { method: 'POST', path: '/channels/{channel_id}/messages', file: '.gif' } as const;

// Every fault has met the request that it was for.
afterEach(() => expect(stage.current.fake.faults.waiting).toBe(0));

/** All that people see of films in these places. */
const filmsIn = (...places: readonly Place[]) => places.flatMap((place) => place.messages().filter(isFilm));

/** A render of Ann's that has its answer; its film is still to come. */
const begun = async (locale: 'en-US' | 'de' = 'en-US') => {
  const { server, gramzoom, thread } = stage.current;
  const scene = server(locale);
  const made = await gramzoom(scene.ann, scene.place);
  return { ...scene, ...made, under: () => thread(made.answer) };
};

/** The answer that a film is announced in. */
const said = (answer: () => { readonly content: string }, words = 'The film is ready.') =>
  stage.current.fake.waitFor('the answer to say so', () => answer().content.startsWith(words));

describe('the first answer', () => {
  it('a first answer that comes too late is a message that pings whoever asked, and the film comes', async () => {
    const { fake, server, film } = stage.current;
    const { ann, place } = server('de');
    fake.faults.acknowledgeTooLate();
    await ann.command('gramzoom', { photo: await photoNamed(), ...small }, { in: place });
    const answer = await fake.waitFor('a message', () => place.messages()[0]);
    expect(answer.content).toBe(`<@${ann.id}> Ich sehe mir das Foto an…`);
    const under = await fake.waitFor('the thread', () => place.threads()[0]);
    const message = await film(under);
    expect(ann.pings().map(({ id }) => id)).toEqual([answer.id, message.id]);
  });

  it('an event that is sent twice gets one answer and one film', async () => {
    const { fake, server, gramzoom, thread, film, told } = stage.current;
    const { ann, bea, place } = server();
    fake.gateway.sendTwice('INTERACTION_CREATE');
    const { answer } = await gramzoom(ann, place);
    const under = await thread(answer);
    const first = await film(under);
    fake.gateway.sendTwice('MESSAGE_REACTION_ADD');
    bea.react(first, '🎲');
    await film(under, { count: 2 });
    fake.gateway.sendTwice('MESSAGE_CREATE');
    const words = 'size:64 frames:8 steps:1 depth:texture';
    await ann.say(place, words, { files: [await photoNamed()], mention: true });
    const second = await fake.waitFor('the next thread', () => place.threads()[1]);
    await film(second);
    // What is asked after all this is answered after it.
    const asked = await told(await ann.command('queue', {}, { in: place }));
    expect(asked.content).toBe('Nothing is rendering or waiting.');
    expect(filmsIn(place, under, second)).toHaveLength(3);
    expect([ann.pings().length, bea.pings().length]).toEqual([2, 1]);
  });

  it('names a permission that is missing, before anything is queued', async () => {
    const { server, told } = stage.current;
    const { ann, place } = server('de');
    place.denyBot(Bit.AttachFiles);
    const asked = await ann.command('gramzoom', { photo: await photoNamed() }, { in: place });
    expect(await told(asked)).toMatchObject({
      ephemeral: true,
      content:
        'Mir fehlt hier die Berechtigung „Dateien anhängen“: Wer diesen Server verwaltet, kann sie mir geben.',
    });
    const mine = await told(await ann.command('mine', {}, { in: place }));
    expect(mine.content).toBe('Du hast noch keine Filme: Schick ein Foto.');
  });

  it('a command that was sent while the connection was lost is answered once it is resumed', async () => {
    const { fake, server, thread, film, told } = stage.current;
    const { ann, place } = server();
    await told(await ann.command('mine', {}, { in: place }));
    fake.gateway.drop();
    const asked = await ann.command('gramzoom', { photo: await photoNamed(), ...small }, { in: place });
    await fake.waitFor('the answer', () => asked.reply);
    const resumed = fake.gateway.records.findLast(({ kind }) => kind === 'resume');
    expect(resumed?.replayed).toContain('INTERACTION_CREATE');
    const under = await thread(() => asked.reply!);
    await film(under);
    expect(filmsIn(place, under)).toHaveLength(1);
    expect(place.messages()).toHaveLength(1);
  });
});

describe('while a film renders', () => {
  it.each([
    ['its command is dead before its time (401)', 'tokenExpired'],
    ['its command is unknown (404)', 'unknownWebhook'],
    ['its command expires', 'expired'],
  ] as const)('a film arrives although %s while it renders', async (_, fault) => {
    const { fake, film } = stage.current;
    const { answer, asked, under } = await begun('de');
    if (fault === 'expired') asked.expireToken();
    else fake.faults[fault]({ method: 'PATCH' });
    const place = await under();
    const message = await film(place);
    await said(answer, 'Der Film ist fertig.');
    expect(filmsIn(place).map(({ id }) => id)).toEqual([message.id]);
  });

  it('a film comes in the channel where its answer is deleted while it renders', async () => {
    const { server, gramzoom, film, busy } = stage.current;
    const { end } = await busy();
    const { ann, place } = server();
    const { answer } = await gramzoom(ann, place);
    place.deleteMessage(answer().id);
    await end();
    expect((await film(place)).pinged).toEqual([ann.name]);
  });

  it('a server that goes while its film renders leaves others served as before', async () => {
    const { film } = stage.current;
    const { guild } = await begun();
    guild.removeBot();
    const { under } = await begun();
    await film(await under());
  });

  it('a film whose channel is deleted while it renders is cancelled', async () => {
    const { fake, server, log } = stage.current;
    const { ann, guild } = server();
    const channel = guild.channel('soon gone');
    const words = 'size:64 frames:240 steps:16 depth:texture';
    const before = log.length;
    await ann.say(channel, words, { files: [await photoNamed()], mention: true });
    await fake.waitFor('it to render', () =>
      channel.messages().some(({ content }) => /^(?:Painting|Frame)/.test(content)),
    );
    channel.delete();
    await fake.waitFor('its end', () => log.slice(before).some(({ msg }) => msg === 'render: cancelled'));
    // Before the next test plans what shall become of requests: its last words look for the place, too.
    const looks = () =>
      fake.requests.filter(
        ({ method, path, params, status }) =>
          method === 'GET' &&
          path === '/channels/{channel_id}' &&
          params['channel_id'] === channel.id &&
          status === 404,
      );
    await fake.waitFor('its last words to be given up', () => looks().length >= 2);
  });

  /** The request that hangs at the door, once it is there. */
  const hanging = (place: FaultPlace) => {
    const { fake } = stage.current;
    const held = fake.faults.hold('before', place);
    return async () => {
      await held.arrived;
      const request = fake.requests.findLast(({ method, status }) => method === place.method && status === 0);
      const isLate = (): boolean => request?.status === 200;
      return { held, isHanging: () => request?.status === 0, isLate };
    };
  };

  it('a film comes while an edit of its answer hangs, and nothing old outlasts it', async () => {
    const { fake, film } = stage.current;
    const hung = hanging({ method: 'PATCH' });
    const { place, answer, under } = await begun();
    const { held, isHanging, isLate } = await hung();
    const thread = await under();
    await film(thread);
    expect(isHanging()).toBe(true);
    held.release();
    await fake.waitFor('its late answer', isLate);
    await said(answer);
    expect(filmsIn(place, thread)).toHaveLength(1);
  });

  it.each(['POST', 'PATCH'] as const)(
    'the final message comes while the picture hangs (%s), and the picture goes',
    async (method) => {
      const { fake, server, gramzoom, thread, told } = stage.current;
      const { ann, place } = server();
      const hung = hanging({ method, file: '.jpg' });
      const { answer } = await gramzoom(ann, place, endless);
      const { held, isHanging, isLate } = await hung();
      const under = await thread(answer);
      await told(ann.press(answer(), 'Cancel'));
      await said(answer, 'Cancelled.');
      expect(isHanging()).toBe(true);
      held.release();
      await fake.waitFor('its late answer', () => isLate() || !isHanging());
      await fake.waitFor('no picture', () => under.messages().every(({ files }) => files.length === 0));
      expect(answer().content).toMatch(/^Cancelled\./);
    },
  );

  it('a film comes in the thread that somebody begins while it renders', async () => {
    const { server, gramzoom, film, busy } = stage.current;
    const { end } = await busy();
    const { ann, bea, place } = server();
    const { answer } = await gramzoom(ann, place);
    const theirs = bea.startThread(answer(), 'look what comes');
    await end();
    expect((await film(theirs)).pinged).toEqual([ann.name]);
  });

  it('a film comes in the channel where somebody locks its thread', async () => {
    const { server, gramzoom, film, busy } = stage.current;
    const { end } = await busy();
    const { ann, bea, place } = server();
    const { answer } = await gramzoom(ann, place);
    bea.startThread(answer(), 'look what comes').archive({ locked: true });
    await end();
    expect(await film(place)).toMatchObject({ replyTo: answer().id, pinged: [ann.name] });
  });

  it('a film comes under the answer where too many threads are open', async () => {
    const { server, gramzoom, film } = stage.current;
    const { ann, guild, place } = server();
    guild.setMostThreads(0);
    const { answer } = await gramzoom(ann, place);
    expect(await film(place)).toMatchObject({ replyTo: answer().id, pinged: [ann.name] });
  });
});

describe('the film', () => {
  it.each([
    ['fails after it took it', () => stage.current.fake.faults.failAfterCreate(withFilm, 502)],
    ['breaks off after it took it', () => stage.current.fake.faults.cut('after', withFilm)],
    [
      'wants to be asked later',
      () => stage.current.fake.faults.rateLimited({ retryAfterMs: 1500 }, withFilm),
    ],
  ])('comes once where Discord %s', async (_, plan) => {
    const { film, told } = stage.current;
    plan();
    const { ann, place, under } = await begun();
    const thread = await under();
    const message = await film(thread);
    expect(filmsIn(place, thread)).toHaveLength(1);
    // A button that is pressed now waits until the bot knows that its film is there.
    expect((await told(ann.press(message, 'Delete'))).content).toBe('Deleted.');
    expect(filmsIn(place, thread)).toEqual([]);
    expect(place.messages()).toEqual([]);
  });

  it('comes once where its upload takes twenty seconds', async () => {
    const { fake, film } = stage.current;
    fake.faults.slowUpload({ ms: 20_000 }, withFilm);
    const { ann, answer, under } = await begun();
    const thread = await under();
    await film(thread);
    fake.clock.advance(20_000);
    await said(answer);
    expect(filmsIn(thread)).toHaveLength(1);
    expect(ann.pings()).toHaveLength(1);
  });

  it('a film that is larger than the server takes is replaced by a sentence that says what to do', async () => {
    const { fake } = stage.current;
    fake.faults.uploadTooLarge(withFilm);
    const { ann, under } = await begun('de');
    const last = await fake.waitFor('the words', () => ann.pings()[0]);
    expect(last.content).toMatch(
      /^<@\d+> Die Datei hat [\d,]+ kB, das ist mehr, als sich hier senden lässt: Nimm eine kleinere Größe/,
    );
    expect(last.buttons.map(({ label }) => label)).toEqual(['Neu würfeln', 'Löschen']);
    const thread = await under();
    expect([last.channelId, filmsIn(thread)]).toEqual([thread.id, []]);
  });

  it('comes in the channel where the bot may not write in threads any more', async () => {
    const { film } = stage.current;
    const { ann, place, answer } = await begun();
    place.denyBot(Bit.SendMessagesInThreads);
    const message = await film(place);
    expect(message).toMatchObject({ replyTo: answer().id, pinged: [ann.name] });
    expect(await decodeFilm(message)).toMatchObject({ frames: 8 });
  });

  it('comes where its answer is too old to be edited as often as it was', async () => {
    const { fake, server, film } = stage.current;
    const { ann, place } = server();
    fake.faults.tooManyOldEdits({ retryAfterMs: 3_600_000 }, { params: { channel_id: place.id } });
    const words = 'size:64 frames:8 steps:1 depth:texture';
    await ann.say(place, words, { files: [await photoNamed()], mention: true });
    const under = await fake.waitFor('the thread', () => place.threads()[0]);
    expect(shown(await film(under))).toContain('The film is ready.');
    expect(ann.pings()).toHaveLength(1);
  });

  it.each([
    ['its permission (50013)', Code.MissingPermissions],
    ['its form (50035)', Code.InvalidFormBodyOrContentType],
    ['what it shows (20009)', Code.ExplicitContentCannotBeSentToTheDesiredRecipient],
    ['its words (200000)', Code.MessageWasBlockedByAutomaticModeration],
  ])('the film that is refused in its thread for %s comes in the channel', async (_, code) => {
    const { fake, film } = stage.current;
    fake.faults.refuse(code, withFilm);
    const { place, answer, under } = await begun();
    const message = await film(place);
    expect(message).toMatchObject({ replyTo: answer().id });
    await said(answer);
    expect(filmsIn(await under(), place)).toHaveLength(1);
  });

  it('is told in the answer, with a re-roll, where it is refused everywhere, and never said to be ready', async () => {
    const { fake, film } = stage.current;
    fake.faults.refuse(Code.ExplicitContentCannotBeSentToTheDesiredRecipient, { ...withFilm, times: 2 });
    fake.faults.refuse(Code.ExplicitContentCannotBeSentToTheDesiredRecipient, {
      method: 'PATCH',
      file: '.gif',
    });
    const { ann, place, answer, under } = await begun();
    const told = await fake.waitFor(
      'the reason',
      () => /rules of this place/.test(answer().content) && answer(),
    );
    expect(told.buttons.map(({ label }) => label)).toEqual(['Re-roll', 'Delete']);
    expect([answer(), ...answer().history].map(({ content }) => content)).not.toContain('The film is ready.');
    const thread = await under();
    await fake.waitFor('the last words', () => ann.pings()[0]);
    ann.press(answer(), 'Re-roll');
    const again = await fake.waitFor('the next thread', () => place.threads()[1]);
    expect(filmsIn(thread, place)).toEqual([]);
    await film(again);
  });

  it.each([
    ['a page in front of Discord', () => stage.current.fake.faults.page(403, withFilm)],
    ['a bare 404', () => stage.current.fake.faults.bare(404, withFilm)],
    ['an empty answer', () => stage.current.fake.faults.emptyAnswer(withFilm)],
  ])('comes once after %s', async (_, plan) => {
    const { film } = stage.current;
    plan();
    const { answer, under } = await begun();
    const thread = await under();
    await film(thread);
    await said(answer);
    expect(filmsIn(thread)).toHaveLength(1);
  });

  it('comes under the answer where its thread is refused for good', async () => {
    const { fake, film } = stage.current;
    const threads = '/channels/{channel_id}/messages/{message_id}/threads';
    fake.faults.refuse(Code.TitleWasBlockedByAutomaticModeration, { path: threads });
    const { place, answer } = await begun();
    expect(await film(place)).toMatchObject({ replyTo: answer().id });
    await said(answer);
  });

  it('comes in its thread where its answer was deleted', async () => {
    const { server, gramzoom, film, busy } = stage.current;
    const { end } = await busy();
    const { ann, bea, place } = server();
    const { answer } = await gramzoom(ann, place);
    const theirs = bea.startThread(answer(), 'look what comes');
    place.deleteMessage(answer().id);
    await end();
    expect((await film(theirs)).pinged).toEqual([ann.name]);
  });

  it('is re-rolled and deleted as any other where its thread was archived meanwhile', async () => {
    const { film, told } = stage.current;
    const { ann, bea, under } = await begun();
    const thread = await under();
    const first = await film(thread);
    thread.archive();
    bea.press(first, 'Re-roll');
    const second = await film(thread, { count: 2 });
    expect(second.pinged).toEqual([bea.name]);
    thread.archive();
    expect((await told(ann.press(first, 'Delete'))).content).toBe('Deleted.');
    expect(filmsIn(thread).map(({ id }) => id)).toEqual([second.id]);
  });
});
