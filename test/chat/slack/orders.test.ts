import { describe, expect, it } from 'vitest';
import { decodeAttachment } from '../../../src/chat/slack/attachment-ref.ts';
import { moreOptionsId, shortcutId } from '../../../src/chat/slack/names.ts';
import { decodePlace } from '../../../src/chat/slack/place.ts';
import { botScopes } from '../../../src/chat/slack/scopes.ts';
import { slackWords } from '../../../src/chat/slack/words.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { de } from '../../../src/messages/de.ts';
import { en } from '../../../src/messages/en.ts';
import { startFakeSlack } from '../../support/slack/start-fake.ts';
import { createSlackBot, listeningOnSlack } from '../../support/slack-bot.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const cat = { name: 'cat.png', bytes: Buffer.from('a photo of a cat') };
const dog = { name: 'dog.jpg', bytes: Buffer.from('a photo of a dog') };
const text = { name: 'notes.txt', bytes: Buffer.from('no photo') };

const scene = async (options: Parameters<typeof listeningOnSlack>[0] = {}) => {
  const made = await listeningOnSlack({ scopes: botScopes, ...options });
  // Nobody opens a photo here.
  Object.assign(made.chat, { openAttachment: async () => cat.bytes });
  return made;
};
type Scene = Awaited<ReturnType<typeof scene>>;

/** What is asked for is noted, and then refused. */
const refuse = ({ renders }: Pick<Scene, 'renders'>, error: GramzoomError): void => {
  const { submit } = renders;
  Object.assign(renders, {
    submit: async (...args: Parameters<typeof submit>) => {
      await submit(...args);
      throw error;
    },
  });
};

/** The form, opened in a channel and with a photo in it. */
const openForm = async ({ ann, place }: Pick<Scene, 'ann' | 'place'>, typed = ''): Promise<void> => {
  await ann.command('/gramzoom', typed, place);
  ann.fill({ photo: [cat] });
};

const told = ({ fake, ann }: Pick<Scene, 'fake' | 'ann'>) =>
  fake.waitFor('a private answer', () => ann.ephemerals.at(-1)?.text);

describe('a form that is sent', () => {
  it('asks for a render in the channel where it was opened, with what was filled in', async () => {
    const made = await scene({ locale: 'de-DE' });
    const { team, ann, place, asked } = made;
    await openForm(made);
    const { id } = ann.modal!;
    ann.fill({ size: '128', frames: '24', quality: 'draft', direction: 'out' });
    expect((await ann.submit()).errors).toBeNull();
    expect(ann.modal).toBeUndefined();
    const [[, submission]] = await asked('submit');
    expect(submission).toMatchObject({
      origin: { platform: 'slack', server: team.id, user: `${team.id}/${ann.id}` },
      options: { kind: 'zoom', size: 128, frames: 24, quality: 'draft', direction: 'out' },
      attachment: { platform: 'slack', name: 'cat.png' },
      ...{ event: `view:${id}`, answersFirst: true },
    });
    expect(submission.photoOwner).toBeUndefined();
    expect(decodeAttachment(submission.attachment)).toMatchObject({
      tenant: team.id,
      bytes: cat.bytes.length,
    });
    expect(decodePlace(submission.replyTarget)).toEqual({
      ...{ tenant: team.id, team: team.id, channel: place.id, thread: null, user: ann.id, locale: 'de-DE' },
      ...{ isDirect: false, isOwnThread: false },
    });
  });

  it('has all options behind a button, which leaves what was filled in', async () => {
    const made = await scene();
    const { fake, ann, asked } = made;
    await openForm(made);
    ann.fill({ size: '128', direction: 'out' });
    await ann.pressInModal(moreOptionsId);
    await fake.waitFor('all options', () => ann.modal?.values['option:seed']);
    expect(JSON.stringify(ann.modal?.view)).not.toContain(moreOptionsId);
    ann.fill({ duration: '2.5', seed: '7', network: 'vgg19', depth: 'scene', maxBytes: '2MB' });
    expect((await ann.submit()).errors).toBeNull();
    const [[, { options }]] = await asked('submit');
    expect(options).toMatchObject({
      ...{ size: 128, direction: 'out', duration: 2.5, seed: 7, network: 'vgg19', depth: 'scene' },
      maxBytes: '2MB',
    });
  });

  it.each([
    ['en-US', en],
    ['de-DE', de],
  ])('says under each field what is wrong with it, and stays open (%s)', async (locale, words) => {
    const made = await scene({ locale });
    const { ann, calls } = made;
    await made.ann.command('/gramzoom', 'seed:7', made.place);
    ann.fill({ photo: [text], size: '100' });
    const { errors } = await ann.submit();
    expect(Object.keys(errors ?? {}).sort()).toEqual(['option:size', 'photo']);
    expect(errors).toMatchObject({
      photo: words.errorSentence({ code: 'photo-format', data: { found: 'txt' } }),
      'option:size': expect.stringContaining(words.fields.size.name),
    });
    expect(ann.modal).toBeDefined();
    ann.fill({ photo: [cat], size: '112', frames: '24', duration: '2' });
    expect(Object.keys((await ann.submit()).errors ?? {})).toEqual(['option:duration']);
    expect(calls).toEqual([]);
  });

  it('is not closed where the bot takes no more of that person', async () => {
    const made = await scene();
    const { ann, renders } = made;
    await openForm(made);
    renders.refuseWith(new GramzoomError('user-limit', { limit: 3 }));
    expect((await ann.submit()).errors).toEqual({
      photo: en.errorSentence({ code: 'user-limit', data: { limit: 3 } }),
    });
    renders.refuseWith(null);
    expect((await ann.submit()).errors).toBeNull();
  });

  it('does not take a photo that is larger than those that are accepted', async () => {
    const made = await scene();
    await openForm(made);
    made.ann.fill({ photo: [{ name: 'big.png', bytes: Buffer.alloc(10_000_001) }] });
    expect((await made.ann.submit()).errors).toEqual({ photo: expect.stringContaining('10 MB') });
  });

  it('makes the bot join a public channel', async () => {
    const made = await scene();
    const { team, ann, asked } = made;
    const place = team.channel('new', { members: [ann], hasBot: false });
    await openForm({ ann, place });
    expect((await ann.submit()).errors).toBeNull();
    await asked('submit');
    expect(place.channel.members).toContain(team.installation.botUser);
  });

  it('asks for an invitation to a private one, and is sent again after it', async () => {
    const made = await scene();
    const { team, ann, asked } = made;
    const place = team.channel('secret', { members: [ann], hasBot: false, isPrivate: true });
    await openForm({ ann, place });
    expect((await ann.submit()).errors).toEqual({ photo: slackWords(en).inviteMe });
    place.invite(team.installation.botUser);
    expect((await ann.submit()).errors).toBeNull();
    await asked('submit');
  });

  it('asked for in a conversation of others is answered in the one with the bot', async () => {
    const made = await scene();
    const { fake, team, ann, asked } = made;
    const bea = team.person('bea');
    const between = fake.state.nextId('D');
    fake.state.channels.set(between, {
      ...{ id: between, name: '', kind: 'im', teams: [team.id], members: new Set([ann.id, bea.id]) },
      ...{ isArchived: false, messages: new Map() },
    });
    await openForm({ ann, place: fake.place(between) });
    expect((await ann.submit()).errors).toBeNull();
    const [[, { replyTarget }]] = await asked('submit');
    expect(decodePlace(replyTarget)).toMatchObject({ channel: ann.direct.id, isDirect: true, thread: null });
    expect(await told(made)).toBe(slackWords(en).answersDirectly);
  });

  it('is one of the workspace in which it was opened, where its organisation has installed the bot', async () => {
    const fake = await startFakeSlack();
    const branch = fake.team('branch', { enterprise: 'E1' });
    const ann = branch.person('ann');
    const place = branch.channel('art', { members: [ann] });
    const folder = await createTempFolder();
    const bot = await createSlackBot(fake, { folder, botToken: branch.installation.token });
    Object.assign(bot.chat, { openAttachment: async () => cat.bytes });
    await bot.start();
    await openForm({ ann, place });
    expect((await ann.submit()).errors).toBeNull();
    const [[, { origin, replyTarget }]] = await bot.asked('submit');
    expect(origin).toMatchObject({ server: branch.id, user: `${branch.id}/${ann.id}` });
    expect(decodePlace(replyTarget)).toMatchObject({ tenant: 'E1', team: branch.id });
  });

  it('is not kept waiting by a Slack that does not tell whether the bot is in the channel', async () => {
    const made = await scene();
    await openForm(made);
    made.fake.faults.hold('conversations.info', 'before');
    expect((await made.ann.submit()).errors).toBeNull();
    await made.asked('submit');
  });

  it('is taken up by the next process where this one ends before anything is asked for', async () => {
    const made = await scene();
    const { fake, ann, folder, botToken } = made;
    await openForm(made);
    refuse(made, new GramzoomError('stopping', {}));
    expect((await ann.submit()).errors).toBeNull();
    await made.asked('submit');
    await made.close();
    const next = await createSlackBot(fake, { folder, botToken });
    Object.assign(next.chat, { openAttachment: async () => cat.bytes });
    await next.start();
    const [[, { event }]] = await next.asked('submit');
    expect(event).toMatch(/^view:/);
    expect(ann.ephemerals).toEqual([]);
  });

  it('tells whoever sent it what went wrong after it was closed', async () => {
    const made = await scene();
    await openForm(made);
    refuse(made, new GramzoomError('server-limit', { limit: 9 }));
    expect((await made.ann.submit()).errors).toBeNull();
    expect(await told(made)).toBe(en.errorSentence({ code: 'server-limit', data: { limit: 9 } }));
  });
});

describe('the shortcut on a message', () => {
  it('asks for a render of its photo, in its thread, which belongs to whoever wrote it', async () => {
    const made = await scene();
    const { team, ann, place, asked } = made;
    const bea = team.person('bea');
    place.invite(bea);
    const message = bea.say(place, 'my cat', { files: [text, cat] });
    await ann.shortcut(shortcutId, message);
    expect(JSON.stringify(ann.modal?.view)).toContain(slackWords(en).form.photoIs('cat.png'));
    expect((await ann.submit()).errors).toBeNull();
    const [[, submission]] = await asked('submit');
    expect(submission).toMatchObject({
      origin: { user: `${team.id}/${ann.id}` },
      photoOwner: { platform: 'slack', server: team.id, user: `${team.id}/${bea.id}` },
      attachment: { name: 'cat.png' },
    });
    expect(decodePlace(submission.replyTarget)).toMatchObject({ thread: message.ts, isOwnThread: false });
  });

  it.each([
    ['in the channel, where there is no thread under the message yet', false],
    ['in the thread', true],
  ] as const)('says what went wrong after the form was closed %s', async (_, hasThread) => {
    const made = await scene();
    const { ann, place } = made;
    const message = ann.say(place, 'my cat', { files: [cat] });
    if (hasThread) ann.say(place, 'look at it', { thread: message });
    await ann.shortcut(shortcutId, message);
    refuse(made, new GramzoomError('server-limit', { limit: 9 }));
    expect((await ann.submit()).errors).toBeNull();
    await told(made);
    expect(ann.ephemerals.at(-1)?.thread).toBe(hasThread ? message.ts : null);
  });

  it('lets one choose among several, in the thread that the message is in', async () => {
    const made = await scene();
    const { ann, place, asked } = made;
    const above = ann.say(place, 'look');
    const message = ann.say(place, 'my pets', { files: [cat, dog], thread: above });
    await ann.shortcut(shortcutId, message);
    ann.fill({ photo: message.files[1]!.id });
    expect((await ann.submit()).errors).toBeNull();
    const [[, submission]] = await asked('submit');
    expect(submission).toMatchObject({ attachment: { name: 'dog.jpg' } });
    expect(submission.photoOwner).toBeUndefined();
    expect(decodePlace(submission.replyTarget)).toMatchObject({ thread: above.ts });
  });

  it.each([
    ['en-US', en],
    ['de-DE', de],
  ])('says what works where there is no photo (%s)', async (locale, words) => {
    const { ann, place } = await scene({ locale });
    await ann.shortcut(shortcutId, ann.say(place, 'no photo', { files: [text] }));
    expect(JSON.stringify(ann.modal?.view)).toContain(slackWords(words).noPhotoThere);
    expect(ann.modal?.view).not.toHaveProperty('submit');
  });

  it('takes a photo of another workspace, of which Slack tells only that it is there', async () => {
    const made = await scene();
    const { fake, team, ann, asked } = made;
    const other = fake.team('aquarium', { isInstalled: false });
    const cyd = other.person('cyd');
    const place = team.channel('shared', { members: [ann, cyd], sharedWith: [other] });
    await ann.shortcut(shortcutId, cyd.say(place, 'my cat', { files: [cat] }));
    expect((await ann.submit()).errors).toBeNull();
    const [[, { attachment }]] = await asked('submit');
    expect(decodeAttachment(attachment)).toMatchObject({ tenant: team.id, url: null });
  });
});
