import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { invitedPermissions } from '../support/discord/driver/guild-handle.ts';
import type { MessageView } from '../support/discord/driver/message-view.ts';
import type { Person } from '../support/discord/driver/person.ts';
import type { Place } from '../support/discord/driver/place.ts';
import { inQuickTime } from '../support/discord/quick-time.ts';
import { noLimits } from '../support/discord/rest/rate-limits.ts';
import { gifOf, photoNamed, shown, stageForFile } from '../support/discord-stage.ts';

/** Days pass between two heartbeats. */
const stage = stageForFile({
  rateLimits: noLimits,
  heartbeatMs: 1_000_000_000,
  gateway: { heartbeatMs: 1_000_000_000 },
});

const dayMs = 86_400_000;

/** The message with the results, once it is there. */
const resultsIn = (place: Place): MessageView | undefined =>
  place.messages().find(({ buttons }) => buttons.some(({ customId }) => /:results$/.test(customId ?? '')));

const offers = ({ buttons }: MessageView, action: string): boolean =>
  buttons.some(({ customId }) => customId?.startsWith(action));

/** A server whose moderator starts a contest, and people in it. */
const contestScene = async ({
  bot = invitedPermissions | Bit.ManageRoles,
  prize = {},
}: {
  readonly bot?: bigint;
  readonly prize?: { readonly isHighest?: boolean };
} = {}) => {
  const { fake, told } = stage.current;
  const [ann, bea, cyd, dan, eve] = ['ann', 'bea', 'cyd', 'dan', 'eve'].map((name) => fake.person(name)) as [
    Person,
    Person,
    Person,
    Person,
    Person,
  ];
  const mod = fake.person('mod');
  const guild = fake.guild({ bot, members: [ann, bea, cyd, dan, eve] });
  guild.add(mod, Bit.ManageMessages);
  const place = guild.channel('halloween');
  const champion = guild.role('Champion', prize);

  const start = async (options: Readonly<Record<string, string | number>> = {}) => {
    const asked = await mod.command(
      'contest start',
      {
        ...{ theme: 'Scariest **cat** @everyone', enter_until: '3 days', vote_until: '5 days' },
        ...{ timezone: 'Europe/Berlin', prize: champion, ...options },
      },
      { in: place },
    );
    const started = await told(asked);
    const announcement = await fake.waitFor('the announcement', () =>
      place
        .messages()
        .find(({ buttons }) => buttons.some(({ customId }) => /^gz1:enter:/.test(customId ?? ''))),
    );
    return { asked, started, announcement };
  };

  const announcement = (): MessageView => {
    const found = place
      .messages()
      .find(({ buttons }) => buttons.some(({ customId }) => /:announcement$/.test(customId ?? '')));
    if (!found) throw new Error('no announcement');
    return found;
  };

  return { guild, place, champion, mod, ann, bea, cyd, dan, eve, start, announcement };
};

/** Somebody's film, which is not entered. */
const filmOf = async (person: Person, place: Place): Promise<MessageView> => {
  const { gramzoom, thread, film } = stage.current;
  const { answer } = await gramzoom(person, place);
  return await film(await thread(answer));
};

/** Somebody's film that is in the contest, or waits to be let in: they are told so alone. */
const enter = async (person: Person, place: Place): Promise<void> => {
  const { fake, gramzoom } = stage.current;
  await gramzoom(person, place, { contest: 'on' });
  await fake.waitFor('the notice', () => person.dm().messages().length > 0);
};

/** What a press or a choice leads to, once it is there. */
const panel = async (
  asked: ReturnType<Person['press']>,
  isIt: (message: MessageView) => boolean = () => true,
): Promise<MessageView> =>
  await stage.current.fake.waitFor('the panel', () => {
    const { reply } = asked;
    return reply && !reply.loading && isIt(reply) && reply;
  });

/** The private answer besides what everybody sees. */
const beside = (asked: ReturnType<Person['press']>): Promise<MessageView> =>
  stage.current.fake.waitFor('the private answer', () => asked.followUps.find(({ ephemeral }) => ephemeral));

const button = ({ buttons }: MessageView, action: string): string => {
  const found = buttons.find(({ customId }) => customId?.includes(action));
  if (!found?.customId) throw new Error(`no ${action} among ${buttons.map(({ customId }) => customId)}`);
  return found.customId;
};

/** Puts entries on a ballot, by their numbers, the best first. */
const vote = async (person: Person, announcement: MessageView, numbers: readonly number[]) => {
  let ballot = await panel(person.press(announcement, button(announcement, 'gz1:vote')));
  for (const [at, number] of numbers.entries()) {
    const menu = ballot.menus[at];
    if (!menu) throw new Error(`no menu ${at} in ${ballot.content}`);
    const asked = person.choose(ballot, {
      ...{ from: menu.placeholder, label: new RegExp(`No\\. ${number}$`) },
    });
    ballot = await panel(asked, ({ content }) => shown({ content }).includes(`No. ${number}`));
  }
  return ballot;
};

describe('a contest on Discord', () => {
  it('goes from its announcement to its winners', async () => {
    const { fake, gramzoom, thread, film, threadUnder } = stage.current;
    const { guild, place, champion, mod, ann, bea, cyd, dan, eve, start, announcement } =
      await contestScene();
    const annsFilm = await filmOf(ann, place);
    const dansFilm = await filmOf(dan, place);

    const { started, announcement: first } = await start();
    expect(started).toMatchObject({ ephemeral: true });
    expect(first.content).toContain('Scariest \\*\\*cat\\*\\* @\u200Beveryone');
    expect(first.content).toMatch(/<t:\d+:F>/);
    expect(first.pinged).toEqual([]);
    await fake.waitFor('the pin', () => announcement().pinned);

    // By the button under a film of one's own.
    await fake.waitFor('the button under films', () =>
      fake
        .place(annsFilm.channelId)
        .message(annsFilm.id)
        ?.buttons.some(({ customId }) => customId?.startsWith('gz1:enter:')),
    );
    const under = fake.place(annsFilm.channelId).message(annsFilm.id)!;
    const entered = await panel(
      ann.press(under, button(under, 'gz1:enter')),
      ({ files }) => files.length > 0,
    );
    expect(entered).toMatchObject({ ephemeral: true });
    expect(shown(entered)).toContain('No. 1');
    expect(gifOf(entered)).toBeDefined();

    // With the film itself.
    const { asked } = await gramzoom(bea, place, { contest: 'on' });
    expect(shown(await beside(asked))).toContain('as soon as it is rendered');
    await film(await thread(() => asked.reply!));

    // By the announcement, with a photo.
    const choice = await panel(cyd.press(announcement(), button(announcement(), 'gz1:enter')));
    const form = cyd.press(choice, button(choice, ':photo:'));
    await fake.waitFor('the form', () => form.form);
    const sent = await cyd.submit(form, { answer: await photoNamed() });
    expect(shown(await beside(sent))).toContain('as soon as it is rendered');
    await fake.waitFor('the film', () => sent.reply && threadUnder(sent.reply)?.messages().some(gifOf));

    // By the announcement, with a film that is there.
    const films = await panel(dan.press(announcement(), button(announcement(), 'gz1:enter')));
    const chosen = await panel(
      dan.choose(films, { from: films.menus[0]!.placeholder, label: /cat\.png/ }),
      (message) => shown(message).includes('No. 4'),
    );
    expect(chosen.id).toBe(films.id);
    expect(dansFilm.channelId).not.toBe('');

    fake.clock.advance(3 * dayMs);
    await fake.waitFor('the vote', () =>
      announcement().buttons.some(({ customId }) => customId?.startsWith('gz1:vote')),
    );
    const gallery = await fake.waitFor('the gallery', () =>
      threadUnder(announcement())
        ?.messages()
        .find(({ files }) => files.length === 4),
    );
    expect(gallery.files.every(({ name }) => name.endsWith('.png'))).toBe(true);

    await vote(ann, announcement(), [2, 3]);
    await vote(bea, announcement(), [3, 1]);
    await vote(cyd, announcement(), [2, 1]);
    await vote(eve, announcement(), [2]);
    await inQuickTime(fake, 'the count of voters', () => /4/.test(announcement().content) || null);

    fake.clock.advance(2 * dayMs);
    const results = await fake.waitFor('the results', () =>
      [resultsIn(place)].find((message) => message && message.files.length > 0),
    );
    expect(results.content).toContain(`<@${bea.id}>`);
    expect(results.content.indexOf(`<@${bea.id}>`)).toBeLessThan(results.content.indexOf(`<@${cyd.id}>`));
    await fake.waitFor('the prize', () => guild.rolesOf(bea).includes(champion));
    expect([ann, cyd, dan, eve].filter((person) => guild.rolesOf(person).includes(champion))).toEqual([]);
    await inQuickTime(fake, 'the winners’ films', () => place.messages().filter(gifOf).length >= 3 || null);

    const { told } = stage.current;
    expect((await told(await ann.command('contest export', {}, { in: place }))).content).toMatch(/^Only/);
    const exporting = await mod.command('contest export', {}, { in: place });
    const file = await fake.waitFor('the page', () => exporting.reply?.files[0]);
    expect(file.name).toMatch(/^contest-scariest-cat-everyone-.*\.html$/);
    expect(Buffer.from(file.bytes).toString()).toContain('Scariest **cat** @everyone');
    const hall = await told(await eve.command('contest hall', {}, { in: place }));
    expect(shown(hall)).toContain('Scariest **cat** @\u200Beveryone');
  }, 150_000);

  it('goes on where the bot may neither pin nor give the role, and says so', async () => {
    const { fake, told, log } = stage.current;
    const scene = await contestScene({ bot: invitedPermissions & ~Bit.PinMessages });
    const { guild, place, champion, ann, bea, cyd, dan, start, announcement, mod } = scene;
    await start();
    await fake.waitFor('the refusal', () =>
      log.some(({ msg, level }) => level === 'warn' && /pin/.test(msg)),
    );
    await enter(ann, place);
    await told(await mod.command('contest close', {}, { in: place }));
    await fake.waitFor('the vote', () => offers(announcement(), 'gz1:vote'));
    for (const person of [bea, cyd, dan]) await vote(person, announcement(), [1]);
    await told(await mod.command('contest close', {}, { in: place }));
    const results = await fake.waitFor('the results', () => resultsIn(place));
    expect(results.content).toContain('Champion');
    expect(guild.rolesOf(ann)).not.toContain(champion);
  }, 90_000);
});

describe('people of a contest on Discord', () => {
  it('are told alone why something is not for them', async () => {
    const { fake, told, gramzoom } = stage.current;
    const { guild, place, mod, ann, start, announcement } = await contestScene();
    const refused = await told(await ann.command('contest start', { theme: 'Mine' }, { in: place }));
    expect(refused).toMatchObject({ ephemeral: true });
    expect(refused.content).toMatch(/^Only/);
    await start();
    const again = await told(await mod.command('contest start', { theme: 'Two' }, { in: place }));
    expect(again).toMatchObject({ ephemeral: true });
    expect(again.content).toContain('Scariest');

    const young = fake.person('young', { accountDays: 2 });
    guild.add(young);
    const entering = await told(young.press(announcement(), button(announcement(), 'gz1:enter')));
    expect(entering.content).toContain('7');
    const { asked } = await gramzoom(young, place, { contest: 'on' });
    expect(await told(asked)).toMatchObject({ ephemeral: true, content: entering.content });
  }, 60_000);

  it('vote for nobody but others, and twenty clicks at once leave one ballot', async () => {
    const { fake, told } = stage.current;
    const { place, mod, ann, bea, start, announcement } = await contestScene();
    await start();
    for (const person of [ann, bea]) await enter(person, place);
    await told(await mod.command('contest close', {}, { in: place }));
    await fake.waitFor('the vote', () => offers(announcement(), 'gz1:vote'));
    const ballot = await panel(ann.press(announcement(), button(announcement(), 'gz1:vote')));
    const menu = ballot.menus[0]!;
    const labels = ballot.menus.flatMap(({ options }) => options.map(({ label }) => label));
    expect(labels.some((label) => label.endsWith('No. 1'))).toBe(false);

    const clicks = Array.from({ length: 20 }, () =>
      ann.choose(ballot, { from: menu.placeholder, label: /No\. 2$/ }),
    );
    await fake.waitFor('all answers', () =>
      clicks.every(({ acknowledgedAfterMs }) => acknowledgedAfterMs !== null),
    );
    expect(clicks.some(({ didNotRespond }) => didNotRespond)).toBe(false);
    const shownBallot = () => fake.place(place.id).message(ballot.id)!;
    await fake.waitFor('the ballot', () => /1st place: No\. 2/.test(shown(shownBallot())));
    await inQuickTime(fake, 'the count', () => /\b1\b.*voted/.test(shown(announcement())) || null);
    const panels = place
      .messages({ as: ann.id })
      .filter(({ ephemeral, menus }) => ephemeral && menus.length > 0);
    expect(panels.map(({ id }) => id)).toEqual([ballot.id]);
  }, 60_000);

  it('look through films as moderators, and give a reason for one that is not let in', async () => {
    const { fake, told } = stage.current;
    const { place, mod, ann, start } = await contestScene();
    await start({ approval: 'on' });
    await enter(ann, place);
    const review = await told(await mod.command('contest entries', {}, { in: place }));
    const form = mod.press(review, 'Do not let in');
    await fake.waitFor('the form', () => form.form);
    expect(form.form).toMatchObject({ title: 'Do not let in' });
    const sent = await mod.submit(form, { answer: 'Not a **cat**' });
    const done = await panel(sent, (message) => shown(message).includes('is not let in'));
    expect(done.id).toBe(review.id);
    await fake.waitFor('the reason', () =>
      ann
        .dm()
        .messages()
        .some((message) => shown(message).includes('Not a **cat**')),
    );
  }, 60_000);
});
