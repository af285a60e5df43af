import { describe, expect, it } from 'vitest';
import type { Person } from '../support/slack/person.ts';
import { type MessageView, wordsOf } from '../support/slack/place.ts';
import type { Ephemeral } from '../support/slack/state.ts';
import { controlsIn } from '../support/slack-controls.ts';
import { photoNamed, press, slackStageForFile, small } from '../support/slack-stage.ts';

const stage = slackStageForFile();
const [hourMs, minuteMs] = [3_600_000, 60_000];

const panelWords = ({ modal }: Person): string => wordsOf(modal?.view.blocks ?? []);

/** Waits for a control in the form that somebody has open, and uses it. */
const use = async (person: Person, label: RegExp): Promise<void> => {
  const { fake } = stage.current;
  const found = await fake.waitFor(`${label} for ${person.name}`, () =>
    controlsIn(person.modal?.view.blocks ?? []).find((control) => label.test(control.label)),
  );
  await person.pressInModal(found.id, found.value);
};

const says = (person: Person, words: RegExp) =>
  stage.current.fake.waitFor(`${words} for ${person.name}`, () => words.test(panelWords(person)));

/** A contest in a channel, with an hour to enter and another one to vote. */
const contest = async ({ theme = 'Scariest cat', locale = 'en-US' } = {}) => {
  const { fake, home, room } = stage.current;
  const made = room(locale);
  const { mod, place } = made;
  const others = ['dan', 'eve', 'fay', 'guy'].map((name) => home.person(name, { isGuest: name === 'guy' }));
  place.invite(...others);
  const [dan, eve, fay, guy] = others as [Person, Person, Person, Person];
  const now = Math.floor(fake.clock.wallTime() / 1000);
  await mod.command('/contest', 'start', place);
  await fake.waitFor('the form', () => mod.modal?.values['option:theme']);
  mod.fill({ theme, enterUntil: now + 3_600, voteUntil: now + 7_200 });
  const { errors } = await mod.submit();
  if (errors) throw new Error(`the form was refused: ${JSON.stringify(errors)}`);
  const announcement = await fake.waitFor('the announcement', () =>
    place.messages().find(({ isBot, words }) => isBot && words.includes(theme.slice(0, 8))),
  );
  const shown = (): MessageView => place.message(announcement.ts)!;
  return { ...made, dan, eve, fay, guy, announcement: shown };
};
type Contest = Awaited<ReturnType<typeof contest>>;

/** Somebody asks for a film that is entered at once. Resolves with what they are told alone. */
const enterByOption = async (person: Person, { place }: Pick<Contest, 'place'>): Promise<Ephemeral> => {
  const { fake, told } = stage.current;
  return await told(person, async () => {
    await person.command(
      '/gramzoom',
      `contest:on ${Object.entries(small)
        .map((one) => one.join(':'))
        .join(' ')}`,
      place,
    );
    await fake.waitFor('the form', () => person.modal);
    person.fill({ photo: [await photoNamed()] });
    expect((await person.submit()).errors).toBeNull();
  });
};

/** Until so many films are there. */
const films = (place: Contest['place'], count: number) => stage.current.film(place, { count });

const ends = (by: number): void => stage.current.fake.clock.advance(by);

describe('a contest on Slack', () => {
  it('goes from its announcement to its results', async () => {
    const { fake, gramzoom, filmsIn } = stage.current;
    const made = await contest({ theme: 'Scariest *cat* <!channel>' });
    const { ann, bea, cyd, mod, dan, eve, fay, guy, place, announcement } = made;
    await fake.waitFor('the pin', () => announcement().isPinned);
    // Plain text is shown as it is; elsewhere nobody is called by what the host typed.
    const { text, blocks } = announcement();
    expect(`${text}${JSON.stringify(blocks.filter(({ type }) => type !== 'header'))}`).not.toContain(
      '<!channel>',
    );
    await says(mod, /Scariest/);
    await mod.closeModal();

    // By an option, under a film of one's own, and not as a guest.
    expect(wordsOf((await enterByOption(ann, made)).blocks)).toMatch(/in|You/);
    await films(place, 1);
    await gramzoom(bea, place);
    await films(place, 2);
    const film = await fake.waitFor('the button', () =>
      filmsIn(place).find(
        ({ buttons, words }) =>
          words.includes(bea.mention) && buttons.some(({ actionId }) => actionId === 'gz1:enter'),
      ),
    );
    await press(bea, film, 'enter');
    await says(bea, /You are in|in the contest/i);
    await press(guy, announcement(), 'enter');
    await says(guy, /guest/i);
    await guy.closeModal();
    await enterByOption(cyd, made);
    await films(place, 3);
    await fake.waitFor('three entries', () => /3 films/.test(announcement().words));

    // Voting: a gallery in the thread, and a ballot for each.
    ends(hourMs + minuteMs);
    const gallery = await fake.waitFor('the gallery', () =>
      place.replies(announcement()).find(({ pictures }) => pictures.length === 3),
    );
    expect(gallery.pictures.map(({ alt }) => alt)).toEqual(['#1', '#2', '#3']);
    await fake.waitFor('the vote button', () =>
      announcement().buttons.some(({ actionId }) => actionId === 'gz1:vote'),
    );
    for (const voter of [mod, dan, eve, fay]) {
      await press(voter, announcement(), 'vote');
      await use(voter, /^1st place: No\. 2$/);
      await says(voter, /^1st place: No\. 2$/m);
      await use(voter, /^2nd place: No\. 1$/);
      await says(voter, /^2nd place: No\. 1$/m);
    }
    expect(announcement().words).not.toMatch(/12 points|8 points/);

    const about = () =>
      place.all().filter(({ isBot, words }) => isBot && /Scariest|^1st place|^2nd place/.test(words));
    // The end.
    ends(hourMs);
    const results = await fake.waitFor('the results', () =>
      place.messages().find(({ isBot, words }) => isBot && words.includes('12 points')),
    );
    expect(results.words).toContain('8 points');
    expect(results.words).toMatch(/1st place.*bea/);
    expect(results.pictures).toHaveLength(1);
    await fake.waitFor(
      'the films of the winners',
      () => about().filter(({ files }) => files.length > 0).length === 2,
    );

    // The host gets it as a page.
    await mod.command('/contest', 'export', place);
    const page = await fake.waitFor('the page', () => mod.direct.all().flatMap(({ files }) => files)[0]);
    expect(page.name).toMatch(/^contest-scariest-cat.*\.html$/);
    expect(page.bytes.toString()).toContain('Scariest *cat* &lt;!channel&gt;');

    // Another process says nothing again, and its buttons work.
    const said = () => about().map(({ ts }) => ts);
    const before = said();
    await stage.current.stop();
    await stage.current.start();
    await press(dan, results, 'status');
    await says(dan, /Scariest/);
    expect(said()).toEqual(before);
    expect(fake.violations).toEqual([]);
  });

  it('tells under the field what is wrong with its form, which stays open', async () => {
    const { fake, room } = stage.current;
    const { mod, place } = room();
    await mod.command('/contest', 'start theme:"Big eyes" enter_until:yesterday', place);
    await fake.waitFor('the form', () => mod.modal?.values['option:theme']);
    expect(panelWords(mod)).toContain('yesterday');
    mod.fill({ theme: ' ' });
    expect(Object.keys((await mod.submit()).errors ?? {})).toEqual(['option:theme']);
    expect(mod.modal).toBeDefined();
    await mod.closeModal();
  });

  it('gives nobody a form who may not start a contest', async () => {
    const { room } = stage.current;
    const { ann, place } = room();
    await ann.command('/contest', 'start', place);
    await says(ann, /moderators/);
    expect(ann.modal?.values['option:theme']).toBeUndefined();
  });
});
