import { onTestFinished } from 'vitest';
import { unknownPerson } from '../../src/chat/slack/people.ts';
import { encodePlace, type SlackPlace } from '../../src/chat/slack/place.ts';
import { botScopes } from '../../src/chat/slack/scopes.ts';
import { createSlackMessages, type SlackMessages } from '../../src/chat/slack/slack-messages.ts';
import { createTenants, type Tenants } from '../../src/chat/slack/tenants.ts';
import type { ReplyTarget } from '../../src/domain/job.ts';
import type { MessageContent } from '../../src/domain/message.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { AppLog } from '../../src/ports/log.ts';
import { createMemoryFiles, filmOf, type MemoryFiles, pictureOf } from './contents.ts';
import { createQuickClock } from './quick-clock.ts';
import type { FakeSlack, FakeSlackOptions } from './slack/fake-slack.ts';
import type { Person } from './slack/person.ts';
import type { Place } from './slack/place.ts';
import { startFakeSlack } from './slack/start-fake.ts';

type Team = ReturnType<FakeSlack['team']>;

export const tenantsOf = (fake: FakeSlack, clock: Clock, ...teams: readonly Team[]): Tenants => {
  const log: AppLog = { info: () => {}, warn: () => {}, error: () => {}, forJob: () => log };
  const names = teams.map(({ installation }) => installation.tenant);
  const all = teams.map(({ installation }) =>
    createTenants({
      ...{ botToken: installation.token, stored: null, apiUrl: fake.apiUrl, clock, log },
      observe: () => {},
    }),
  );
  const of = (tenant: string): Tenants => all[Math.max(0, names.indexOf(tenant))]!;
  return { ...all[0]!, clients: (tenant) => of(tenant).clients(tenant) };
};

/** The bot's outgoing half on the fake. */
export const openSlackChat = (
  fake: FakeSlack,
  {
    files,
    clock,
    teams,
    log = { warn: () => {} },
    areNamed = false,
  }: {
    readonly files: MemoryFiles;
    readonly clock: Clock;
    readonly teams: readonly Team[];
    readonly log?: Pick<AppLog, 'warn'>;
    /** Whether Slack tells what people are called. */
    readonly areNamed?: boolean;
  },
): SlackMessages =>
  createSlackMessages({
    tenants: tenantsOf(fake, clock, ...teams),
    people: {
      of: async ({ user }) => {
        const { name = null, locale = '', isDeleted = true } = fake.state.users.get(user) ?? {};
        return { ...unknownPerson, name: areNamed ? name : null, locale, isGone: isDeleted };
      },
    },
    ...{ blobs: files, clock, log, fileHosts: [fake.origin] },
  });

/** Where an answer goes, as the adapter's other half would say it. */
export const placeOf = (
  team: Team,
  where: { readonly channel: Place; readonly user: Pick<Person, 'id' | 'locale'> },
  changes: Partial<SlackPlace> = {},
): SlackPlace => ({
  tenant: team.installation.tenant,
  team: team.id,
  channel: where.channel.id,
  thread: null,
  user: where.user.id,
  locale: where.user.locale,
  isDirect: where.channel.channel.kind === 'im',
  isOwnThread: false,
  ...changes,
});

export const targetOf = (...parameters: Parameters<typeof placeOf>): ReplyTarget =>
  encodePlace(placeOf(...parameters));

/** A workspace with a channel, somebody in it, and the bot's outgoing half. */
export const outgoingScene = async ({
  areNamed = false,
  ...options
}: FakeSlackOptions & { readonly areNamed?: boolean } = {}) => {
  const clock = options.clock ?? createQuickClock();
  const fake = await startFakeSlack({ scopes: botScopes, ...options, clock });
  const team = fake.team('acme');
  const ann = team.person('ann');
  const channel = team.channel('art', { members: [ann] });
  const files = createMemoryFiles();
  const warnings: string[] = [];
  const open = (teams: readonly Team[] = [team]): SlackMessages => {
    const log = { warn: (line: string) => void warnings.push(line) };
    const opened = openSlackChat(fake, { files, clock, teams, log, areNamed });
    onTestFinished(opened.close);
    return opened;
  };
  const { chat } = open();
  return {
    ...{ fake, clock, team, ann, channel, files, chat, open, warnings },
    target: targetOf(team, { channel, user: ann }),
    film: (bytes?: Uint8Array): MessageContent => filmOf(files, bytes),
    picture: (framesDone: number): MessageContent => pictureOf(files, framesDone),
    /** What the bot has said in the channel, and in the thread under the first of that. */
    said: () => channel.messages().filter(({ isBot }) => isBot),
    thread: () => {
      const [first] = channel.messages().filter(({ isBot }) => isBot);
      return first ? channel.replies(first) : [];
    },
  };
};
