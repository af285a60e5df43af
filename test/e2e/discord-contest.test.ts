import { PermissionFlagsBits as Bit } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { invitedPermissions } from '../support/discord/driver/guild-handle.ts';
import type { MessageView } from '../support/discord/driver/message-view.ts';
import type { Person } from '../support/discord/driver/person.ts';
import type { Place } from '../support/discord/driver/place.ts';
import { gifOf, photoNamed, shown, small, stageForFile } from '../support/discord-stage.ts';

/** Days pass between two heartbeats. */
const stage = stageForFile({ heartbeatMs: 1_000_000_000, gateway: { heartbeatMs: 1_000_000_000 } });

const dayMs = 86_400_000;

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
    const { guild, place, champion, ann, bea, cyd, dan, eve, start, announcement } = await contestScene();
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
    await fake.waitFor('the count of voters', () => /4/.test(announcement().content));

    fake.clock.advance(2 * dayMs);
    const results = await fake.waitFor('the results', () =>
      place
        .messages()
        .find(
          ({ buttons, files }) =>
            buttons.some(({ customId }) => /:results$/.test(customId ?? '')) && files.length > 0,
        ),
    );
    expect(results.content).toContain(`<@${bea.id}>`);
    expect(results.content.indexOf(`<@${bea.id}>`)).toBeLessThan(results.content.indexOf(`<@${cyd.id}>`));
    await fake.waitFor('the prize', () => guild.rolesOf(bea).includes(champion));
    expect([ann, cyd, dan, eve].filter((person) => guild.rolesOf(person).includes(champion))).toEqual([]);
    await fake.waitFor(
      'the winners’ films',
      () => threadUnder(announcement())?.messages().filter(gifOf).length === 3,
    );
  });
});

describe('somebody who may not', () => {
  it.todo('x');
});
void small;
