import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Person } from '../support/slack/person.ts';
import type { MessageView, Place } from '../support/slack/place.ts';
import { inWords, isFilm, photoNamed, slackStageForFile, small } from '../support/slack-stage.ts';

const stage = slackStageForFile();

// Every fault has met the request that it was for.
afterEach(() => expect(stage.current.fake.faults.waiting).toBe(0));

/** Settings of the fake for one test. */
const withSettings = (settings: Partial<typeof stage.current.fake.settings>): void => {
  const { fake } = stage.current;
  const before = { ...fake.settings };
  Object.assign(fake.settings, settings);
  onTestFinished(() => void Object.assign(fake.settings, before));
};

/** Waits for a fact while time passes quickly. */
const inQuickTime = async <T>(fact: string, look: () => T) => {
  const { fake } = stage.current;
  const time = setInterval(() => {
    fake.clock.advance(500);
    fake.state.changed();
  }, 5);
  try {
    return await fake.waitFor(fact, look);
  } finally {
    clearInterval(time);
  }
};

/** What the bot has said in a place, but for films. */
const answersIn = (place: Place): readonly MessageView[] =>
  place.all().filter((message) => message.isBot && !isFilm(message));

/** Somebody mentions the bot with a photo. Resolves once the photo has been opened: time may pass quickly then. */
const ask = async (person: Person, place: Place, given: object = {}): Promise<void> => {
  const { fake, log } = stage.current;
  const queued = () => log.filter(({ msg }) => msg === 'render: queued').length;
  const before = queued();
  person.askBot(place, inWords(small), { files: [await photoNamed()], ...given });
  await fake.waitFor('the render to be queued', () => queued() > before);
};

describe('the photo', () => {
  it.each([
    ['that only the second of two events brings', { filesIn: 'message' }],
    [
      'that only the second of two events brings, and Slack has not processed yet',
      { filesIn: 'message', pollsUntilReady: 3 },
    ],
  ] as const)('a photo %s becomes one film', async (_, given) => {
    const { room, filmsIn } = stage.current;
    const { ann, place } = room();
    await ask(ann, place, given);
    await inQuickTime('its end', () => answersIn(place)[0]?.text === 'The film is ready.');
    expect([filmsIn(place).length, answersIn(place).length]).toEqual([1, 1]);
  });

  it('a photo that the bot may not read is told to whoever asked, with what is missing', async () => {
    const { fake, room, gramzoom } = stage.current;
    const { ann, place } = room('de-DE');
    fake.faults.htmlPage('url_private');
    const answer = await gramzoom(ann, place);
    await fake.waitFor('why not', () => answer().text.startsWith('Dieser Workspace hat mir files:read'));
    expect(place.all()).toHaveLength(1);
  });
});

describe('the answer', () => {
  it('an answer that Slack takes without saying so is there once, and so is the film', async () => {
    const { fake, room, filmsIn } = stage.current;
    const { ann, place } = room();
    fake.faults.cut('chat.postMessage', 'after');
    await ask(ann, place);
    await inQuickTime('the film', () => filmsIn(place)[0]);
    await inQuickTime('its end', () => answersIn(place)[0]?.text === 'The film is ready.');
    expect([filmsIn(place).length, answersIn(place).length]).toEqual([1, 1]);
  });

  it.each([
    ['Slack says 429', 'rateLimited'],
    ['Slack says that there are too many', 'error'],
    ['Slack is down', 'status'],
  ] as const)('an answer comes later where %s', async (_, fault) => {
    const { fake, room, filmsIn } = stage.current;
    const { ann, place } = room('de-DE');
    if (fault === 'rateLimited') fake.faults.rateLimited('chat.postMessage', 20);
    else if (fault === 'error') fake.faults.error('chat.postMessage', 'ratelimited', { times: 2 });
    else fake.faults.status('chat.postMessage', 503, { times: 2 });
    await ask(ann, place);
    await inQuickTime('its end', () => answersIn(place)[0]?.text === 'Der Film ist fertig.');
    expect([filmsIn(place).length, answersIn(place).length]).toEqual([1, 1]);
  });

  it('an answer that somebody deletes is not said again, and the film comes in the channel', async () => {
    const { busy, room, gramzoom, film } = stage.current;
    const other = await busy();
    const { ann, place } = room();
    const answer = await gramzoom(ann, place);
    ann.deleteMessage(answer());
    await other.end();
    const message = await film(place);
    expect(message.thread).toBeNull();
    expect(message.words).toContain(ann.mention);
    expect(place.all()).toHaveLength(1);
  });
});

describe('the film', () => {
  it.each([
    ['is accepted and never shared', 'unshared'],
    ['arrives although its upload is answered with 408', 'timeout'],
    ['is shared although the answer says nothing', 'cut'],
    ['may be shared only later (429)', 'limited'],
  ] as const)('a film that %s comes once', async (_, fault) => {
    const { fake, home, room, filmsIn } = stage.current;
    const { ann, place } = room();
    const completed = fake.calls('files.completeUploadExternal').length;
    if (fault === 'unshared') withSettings({ pollsUntilShared: null });
    if (fault === 'timeout') fake.faults.statusAfter('upload', 408);
    if (fault === 'cut') fake.faults.cut('files.completeUploadExternal', 'after');
    if (fault === 'limited') fake.faults.rateLimited('files.completeUploadExternal', 30);
    await ask(ann, place);
    if (fault === 'unshared') {
      await inQuickTime(
        'it to be sent again',
        () => fake.calls('files.completeUploadExternal').length > completed + 1,
      );
      fake.settings.pollsUntilShared = 1;
    }
    await inQuickTime('its end', () => answersIn(place)[0]?.text === 'The film is ready.');
    expect([filmsIn(place).length, answersIn(place).length]).toEqual([1, 1]);
    // Nothing is left that nobody sees.
    const unseen = () =>
      [...fake.state.files.values()].filter(
        ({ user, isDeleted, shares }) =>
          user === home.installation.botUser && !isDeleted && shares.length === 0,
      );
    await inQuickTime('the rest to go', () => unseen().length === 0);
  });

  it('a film comes at its time although nothing may be changed for a minute (429)', async () => {
    const { fake, room, filmsIn } = stage.current;
    const { ann, place } = room();
    fake.faults.rateLimited('chat.update', 60);
    const begunAt = fake.clock.now();
    await ask(ann, place);
    await inQuickTime('the film', () => filmsIn(place)[0]);
    expect(fake.clock.now() - begunAt).toBeLessThan(60_000);
    await inQuickTime('its end', () => answersIn(place)[0]?.text === 'The film is ready.');
    expect([filmsIn(place).length, answersIn(place).length]).toEqual([1, 1]);
  });
});

describe('the channel', () => {
  it.each(['deleted', 'archived', 'left'] as const)(
    'a film whose channel is %s before it is ready is cancelled, and others are served as before',
    async (how) => {
      const { busy, log, room, home, gramzoom, told, film } = stage.current;
      const other = await busy();
      const { ann, bea, members, place } = room('de-DE');
      const soon = home.channel('soon', { members, isPrivate: true });
      await gramzoom(ann, soon);
      if (how === 'deleted') soon.delete();
      else if (how === 'archived') soon.archive();
      else soon.kick(home.installation.botUser);
      const { length } = log;
      await other.end();
      await gramzoom(bea, place);
      await film(place);
      const ended = () => log.slice(length).filter(({ msg }) => msg === 'render: cancelled');
      await inQuickTime('both ends', () => ended().length === 2);
      const mine = await told(ann, () => ann.command('/gramzoom', 'mine', place));
      expect(mine.text).toMatch(/: abgebrochen$/);
    },
  );
});
