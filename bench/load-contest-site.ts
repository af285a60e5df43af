import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeReplyContext } from '../src/chat/discord/reply-context.ts';
import type { ContestId, EntryId } from '../src/domain/contest/contest.ts';
import type { Random } from '../src/domain/random.ts';
import { systemClock } from '../src/ops/system-clock.ts';
import { type OpenedStore, openStore } from '../src/store/open-store.ts';
import { botOnDiscord } from '../test/support/bot-on-fake.ts';
import { contestIn, moveContest, newContest, newEntry } from '../test/support/contests.ts';
import type { InteractionContext } from '../test/support/discord/driver/asked.ts';
import type { MessageView } from '../test/support/discord/driver/message-view.ts';
import type { Person } from '../test/support/discord/driver/person.ts';
import type { Place } from '../test/support/discord/driver/place.ts';
import { createFakeDiscord } from '../test/support/discord/fake-discord.ts';
import { aReport, jobIn, newJob } from '../test/support/jobs.ts';
import { photoNamed } from '../test/support/staged-bot.ts';
import { longFilm } from './load-site.ts';

const filmsPerContest = 8;
/** About as large as a film of the default size, and as its still. */
const [filmBytes, stillBytes] = [2_000_000, 120_000];
const dayMs = 24 * 60 * 60 * 1000;

type Voter = { readonly person: Person; readonly place: Place };
type Vote = { readonly voter: string; readonly contest: string; readonly number: number };

/** Discord with servers of which each has a contest that is voted on. */
export const createContestSite = async (options: { readonly servers: number; readonly voters: number }) => {
  const fake = await createFakeDiscord();
  const host = fake.person('host');
  const sites = Array.from({ length: options.servers }, (_, index) => {
    const persons = Array.from({ length: options.voters }, (_each, who) =>
      fake.person(`voter ${index}-${who}`),
    );
    const guild = fake.guild({ name: `server ${index}`, members: [host, ...persons] });
    return { guild, persons, place: guild.channel('halloween'), contest: `load-${index}` as ContestId };
  });
  const voted: Vote[] = [];

  const writeContest = async (
    { store }: OpenedStore,
    { guild, place, contest: id }: (typeof sites)[number],
    files: { readonly films: readonly string[]; readonly stills: readonly string[] },
  ): Promise<void> => {
    const now = systemClock.wallTime();
    const moment = (days: number) => ({ at: now + days * dayMs, wall: '2026-10-31T18:00' });
    const origin = { platform: 'discord', server: guild.id, user: host.id } as const;
    const home = encodeReplyContext({
      ...{
        channel: place.id,
        guild: guild.id,
        user: host.id,
        locale: 'en-US',
        replyTo: null,
        interaction: null,
      },
      ...{ isGuest: false, canOpenThread: true, canReact: true, isSpoiler: false, maxFileBytes: 10_485_760 },
    });
    const times = { enterFrom: moment(-3), enterUntil: moment(-1), voteUntil: moment(3) };
    await contestIn(store.contests, 'entering', newContest({ id, origin, home, ...times }));
    for (let number = 1; number <= filmsPerContest; number++) {
      const user = `9000000000000000${number}`;
      const render = await jobIn(store, 'done', {
        ...newJob({ origin: { ...origin, user }, replyTarget: home }),
        id: `${id}-${number}` as never,
      });
      const [result, poster] = [files.films[number - 1], files.stills[number - 1]] as never[];
      await store.jobs.update(render, {
        result: result!,
        poster: poster!,
        report: { ...aReport, bytes: filmBytes },
      });
      const entry = newEntry({ contest: id, render, user, photoOwner: user });
      await store.contests.enter({ ...entry, id: `${id}-entry-${number}` as EntryId });
    }
    await moveContest(store.contests, id, 'voting');
  };

  /** A message with a button, once it is there. */
  const announcementIn = (place: Place): MessageView | undefined =>
    place
      .messages()
      .find(({ buttons }) =>
        buttons.some(({ customId }) => /^gz1:vote:.*:announcement$/.test(customId ?? '')),
      );

  const hasGallery = (place: Place): boolean => {
    const thread = announcementIn(place)?.threadId;
    return (
      !!thread &&
      fake
        .place(thread)
        .messages()
        .some(({ files }) => files.length === filmsPerContest)
    );
  };

  const answered = (asked: InteractionContext, isIt: (message: MessageView) => boolean) =>
    fake.waitFor('a private answer', () => {
      if (asked.didNotRespond) throw new Error('nobody answered');
      const { reply } = asked;
      return reply && !reply.loading && asked.acknowledgedAfterMs !== null && isIt(reply) && reply;
    });
  const sinceMs = ({ token }: InteractionContext): number =>
    fake.clock.now() - (fake.core.interactions.get(token)?.createdAt ?? Number.NaN);

  return {
    bot: botOnDiscord(fake),
    voters: sites.flatMap(({ persons, place }) => persons.map((person): Voter => ({ person, place }))),
    /** Writes the contests into a folder. */
    prepare: async (folder: string): Promise<void> => {
      const opened = await openStore(folder, { clock: systemClock });
      const put = (bytes: number) =>
        Promise.all(Array.from({ length: filmsPerContest }, () => opened.blobs.put(randomBytes(bytes))));
      const files = { films: await put(filmBytes), stills: await put(stillBytes) };
      for (const site of sites) await writeContest(opened, site, files);
      await opened.close();
    },
    /** Resolves once everything is posted that follows from the opening of the votes. */
    announced: () =>
      fake.waitFor(
        'the announcements and galleries',
        () => fake.commands.global.size > 0 && sites.every(({ place }) => hasGallery(place)),
        { patienceMs: 120_000 },
      ),
    /** Somebody asks for a film that is rendered for as long as anybody votes. */
    renderLong: async (): Promise<void> => {
      const [{ place } = { place: fake.place('') }] = sites;
      const asked = await host.command('gramzoom', { photo: await photoNamed(), ...longFilm }, { in: place });
      await answered(asked, () => true);
    },
    /** Opens the ballot and puts a film on the first place. Resolves with how long each took. */
    vote: async ({ person, place }: Voter, random: Random) => {
      const opening = person.press(announcementIn(place)!, 'Vote');
      const ballot = await answered(opening, ({ menus }) => menus.length > 0);
      const openedMs = sinceMs(opening);
      const number = 1 + Math.floor(filmsPerContest * random.uniform());
      const label = `1st place: No. ${number}`;
      const choosing = person.choose(ballot, { from: '1st place', label });
      await answered(choosing, ({ content }) => content.includes(label));
      const contest = sites.find((site) => site.place.id === place.id)!.contest;
      voted.push({ voter: person.id, contest, number });
      return { openedMs, savedMs: sinceMs(choosing) };
    },
    requests: () => ({
      all: fake.requests.length,
      refused: fake.requests.filter(({ status }) => status === 429).length,
    }),
    violations: () => fake.violations.map(({ route, problems }) => `${route}: ${problems.join(', ')}`),
    /** How many votes that were answered are not in the folder as they were cast, and how many others are there. */
    lostVotes: async (folder: string): Promise<number> => {
      const opened = await openStore(folder, { clock: systemClock });
      try {
        const { contests } = opened.store;
        let found = 0;
        for (const { contest, voter, number } of voted) {
          const ranks = await contests.ballotOf(contest as ContestId, voter);
          if (ranks.join() === `${contest}-entry-${number}`) found++;
        }
        let all = 0;
        for (const { contest } of sites) all += await contests.voters(contest);
        return voted.length - found + Math.abs(all - voted.length);
      } finally {
        await opened.close();
      }
    },
    close: fake.close,
  };
};

/** Lets people vote, each at some moment of that time. */
export const castVotes = async (
  voters: readonly Voter[],
  {
    seconds,
    random,
    site,
  }: {
    readonly seconds: number;
    readonly random: Random;
    readonly site: Pick<Awaited<ReturnType<typeof createContestSite>>, 'vote'>;
  },
) => {
  const [opened, saved, errors]: [number[], number[], string[]] = [[], [], []];
  const moments = voters.map(() => 1000 * seconds * random.uniform()).toSorted((a, b) => a - b);
  const begun = performance.now();
  const voting: Promise<void>[] = [];
  for (const [index, voter] of voters.entries()) {
    const wait = begun + moments[index]! - performance.now();
    if (wait > 1) await pause(wait);
    voting.push(
      site
        .vote(voter, random)
        .then(({ openedMs, savedMs }) => {
          opened.push(openedMs);
          saved.push(savedMs);
        })
        .catch((error: unknown) => void errors.push(String(error).slice(0, 200))),
    );
  }
  await Promise.all(voting);
  return { opened, saved, errors };
};
