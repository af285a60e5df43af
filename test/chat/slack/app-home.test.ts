import type { HomeView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { encodeMessageRef, encodePlace, originOf, type SlackPlace } from '../../../src/chat/slack/place.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { Person } from '../../support/slack/person.ts';
import { wordsOf } from '../../support/slack/place.ts';
import { listeningOnSlack } from '../../support/slack-bot.ts';

const film = Buffer.from('GIF89a a film');

const scene = async (options: Parameters<typeof listeningOnSlack>[0] = {}) => {
  const made = await listeningOnSlack(options);
  const { fake, team, ann, place, renders, chat } = made;
  const submitted = async (user: Pick<Person, 'id'> = ann) => {
    const at: SlackPlace = {
      ...{ tenant: team.installation.tenant, team: team.id, channel: place.id, thread: null },
      ...{ user: user.id, locale: 'en-US', isDirect: false, isOwnThread: false },
    };
    const attachment = chat.attach(Buffer.from(`a photo of ${user.id}`));
    const { id } = await renders.submit({
      ...{ origin: originOf(at), options: {}, attachment, replyTarget: encodePlace(at) },
    });
    return { id, at };
  };
  /** What ann's home says, once it is so. */
  const home = async (isSo: (words: string) => boolean): Promise<string> => {
    const words = (): string => wordsOf((ann.home?.view as HomeView | undefined)?.blocks ?? []);
    await fake.waitFor('the home', () => isSo(words()));
    return words();
  };
  return { ...made, submitted, home };
};

describe('the App Home', () => {
  it('shows somebody who opens it their films and none of anybody else, with a link to each', async () => {
    const { fake, team, ann, place, renders, submitted, home } = await scene();
    const bea = team.person('bea');
    const { id, at } = await submitted();
    await renders.finish(id, film);
    const theirs = await submitted(bea);
    const { botUser: user, bot } = team.installation;
    const { ts } = fake.state.post(place.channel, { user, bot, text: 'The film is ready.' });
    const credentials = { place: at, role: 'final', files: [], isEphemeral: false };
    renders.shownAt = async () => encodeMessageRef({ channel: place.id, ts }, credentials);
    ann.openHome();
    const words = await home((shown) => shown.includes('My films'));
    expect(words).toContain(id.slice(0, 8));
    expect(words).toContain(`<${fake.origin}/archives/${place.id}/p${ts.replace('.', '')}|show it>`);
    expect(words).toContain('1 is waiting');
    expect(JSON.stringify(ann.home?.view)).not.toContain(theirs.id);
    // Addresses stay as they are, and are asked for once.
    ann.openHome();
    await fake.waitFor('it is shown again', () => fake.calls('views.publish').length === 2);
    expect(fake.calls('chat.getPermalink')).toHaveLength(1);
  });

  it('is shown without links where Slack tells none', async () => {
    const { fake, ann, place, renders, submitted, home } = await scene({ locale: 'de-DE' });
    const { id, at } = await submitted();
    const credentials = { place: at, role: 'answer', files: [], isEphemeral: false };
    renders.shownAt = async () => encodeMessageRef({ channel: place.id, ts: '1.1' }, credentials);
    fake.faults.error('chat.getPermalink', 'message_not_found');
    ann.openHome();
    expect(await home((words) => words.includes('Meine Filme'))).toContain(id.slice(0, 8));
  });

  it('has buttons that are answered in the conversation with the bot, and shows what came of them', async () => {
    const { team, ann, renders, submitted, asked, home } = await scene();
    const { id } = await submitted();
    await renders.finish(id, film);
    ann.openHome();
    await home((words) => words.includes('My films'));
    await ann.pressInHome('gz1:reroll');
    const [[, of, { replyTarget, actor }]] = await asked('reroll');
    expect([of, actor.user]).toEqual([id, `${team.id}/${ann.id}`]);
    expect(JSON.parse(replyTarget.ref)).toMatchObject({
      ...{ channel: ann.direct.id, isDirect: true, thread: null, user: ann.id },
    });
    expect(await home((words) => words.includes('number 1 of 1'))).toContain('render-0 (seed 8');
  });

  it('has a button that opens the form, and what is asked for there is answered in the conversation with the bot', async () => {
    const { fake, team, ann, asked, home } = await scene();
    ann.openHome();
    await home((words) => words.includes('My films'));
    await ann.pressInHome('gramzoom_begin_texture');
    await fake.waitFor('the form', () => ann.modal);
    ann.fill({ photo: [{ name: 'cat.png', bytes: Buffer.from('a photo') }] });
    expect((await ann.submit()).errors).toBeNull();
    const [[, { replyTarget, options, origin }]] = await asked('submit');
    expect(options).toMatchObject({ kind: 'texture' });
    expect(origin.user).toBe(`${team.id}/${ann.id}`);
    expect(JSON.parse(replyTarget.ref)).toMatchObject({
      channel: ann.direct.id,
      isDirect: true,
      thread: null,
    });
  });

  it('says why a button leads to nothing, above the films', async () => {
    const { ann, renders, submitted, home } = await scene();
    const { id } = await submitted();
    await renders.finish(id, film);
    ann.openHome();
    await home((words) => words.includes('My films'));
    renders.refuseWith(new GramzoomError('user-limit', { limit: 2 }));
    await ann.pressInHome('gz1:reroll');
    const words = await home((shown) => shown.includes('2'));
    expect(words.indexOf('2')).toBeLessThan(words.indexOf('My films'));
  });

  it('says so where no conversation with the person can be opened', async () => {
    const { fake, ann, renders, submitted, home, calls } = await scene();
    const { id } = await submitted();
    await renders.finish(id, film);
    ann.openHome();
    await home((words) => words.includes('My films'));
    fake.faults.error('conversations.open', 'missing_scope', { more: { needed: 'im:write', provided: '' } });
    await ann.pressInHome('gz1:reroll');
    expect(await home((words) => words.includes('im:write'))).toContain('My films');
    expect(calls.map(([what]) => what)).toEqual(['submit']);
  });

  it('deletes everything of whoever confirms it there', async () => {
    const { ann, renders, submitted, asked, home } = await scene();
    await submitted();
    ann.openHome();
    await home((words) => words.includes('My films'));
    await ann.pressInHome('gz1:forget');
    const [[, order]] = await asked('erase');
    expect(order).toBe('everything');
    expect(await home((words) => words.startsWith('Deleted for good'))).toContain('You have no renders yet');
    expect(renders.rows).toEqual([]);
  });

  it('costs nobody anything where Slack does not take it', async () => {
    const { fake, ann, logged, submitted, inbox } = await scene();
    await submitted();
    fake.faults.error('views.publish', 'not_enabled');
    ann.openHome();
    await fake.waitFor('it is logged', () =>
      logged.some((line) => line.includes('failed to show an App Home')),
    );
    await fake.waitFor('it is dealt with', async () => (await inbox.pending('slack')).length === 0);
  });
});
