/** What the bot says about a contest to everybody there, and to one entrant or the host alone. */
import { fewestVoters, isLive } from '../domain/contest/contest.ts';
import { pointsOfRanks } from '../domain/contest/count-votes.ts';
import type { ContestFacts, ContestPost } from '../domain/contest/post.ts';
import { contestFields } from '../domain/contest/rules.ts';
import {
  type ContestLanguage,
  type ContestVoice,
  countsText,
  enterCommand,
  phaseText,
  voiceOf,
} from './contest-facts.ts';
import { momentText, personText, scoreText } from './contest-names.ts';
import { resultsLines } from './contest-results.ts';
import type { Notation } from './names.ts';

type PostOf<Kind extends ContestPost['kind']> = Extract<ContestPost, { readonly kind: Kind }>;
type Lines = readonly string[];

/** `line` where `is` holds. */
const where = (is: boolean, line: () => string): Lines => (is ? [line()] : []);

const usualAccountDays = contestFields.find(({ name }) => name === 'accountDays')?.default;

/** The rules that people have to know: what nobody would be surprised by is left out. */
const ruleLines = ({ rules }: ContestFacts, { phrases }: ContestVoice): Lines => {
  const said = phrases.posts.rules;
  const { entriesPerPerson, isAnonymous, needsApproval, role, memberDays, accountDays, takesGuests, prize } =
    rules;
  const { size, frames, network } = rules.fixed;
  const films = [
    ...where(size !== null, () => said.size(size!)),
    ...where(frames !== null, () => said.frames(frames!)),
    ...where(network !== null, () => said.network(network!)),
  ];
  return [
    said.perPerson(entriesPerPerson),
    isAnonymous ? said.anonymous : said.named,
    ...where(needsApproval, () => said.approval),
    ...films,
    ...where(role !== null, () => said.role(role!.name)),
    ...where(memberDays > 0, () => said.memberDays(memberDays)),
    ...where(accountDays !== usualAccountDays && accountDays > 0, () => said.accountDays(accountDays)),
    ...where(takesGuests, () => said.guests),
    said.voting(pointsOfRanks),
    said.ties,
    said.fairness(fewestVoters),
    ...where(prize !== null, () => said.prize(prize!.name)),
  ];
};

const toDo = (contest: ContestFacts, voice: ContestVoice): Lines => {
  const { phrases, actions } = voice;
  const said = phrases.posts;
  const [enterUntil, voteUntil] = [contest.enterUntil, contest.voteUntil].map((moment) =>
    momentText(moment, contest.zone, voice),
  ) as [string, string];
  const enterHow = said.enterHow({ button: actions.enter.label, command: enterCommand(voice) });
  switch (contest.phase) {
    case 'draft':
      return [phaseText(contest, voice), phrases.phase.entering(enterUntil), said.thenVote(voteUntil)];
    case 'entering':
      return [phaseText(contest, voice), enterHow, said.thenVote(voteUntil), countsText(contest, voice)];
    case 'voting':
      return [
        phaseText(contest, voice),
        said.voteHow({ button: actions.vote.label }),
        countsText(contest, voice),
      ];
    case 'closed':
      return [phaseText(contest, voice), countsText(contest, voice)];
    case 'cancelled':
      return [phaseText(contest, voice)];
    default:
      return contest.phase satisfies never;
  }
};

const announcement = ({ contest }: PostOf<'announcement'>, voice: ContestVoice): Lines => {
  const { headline, host } = voice.phrases.posts;
  const isOver = contest.phase === 'closed' || contest.phase === 'cancelled';
  return [
    headline(contest.rules.theme),
    ...toDo(contest, voice),
    ...(isOver ? [] : ['', ...ruleLines(contest, voice).map((rule) => `• ${rule}`), '']),
    ...where(contest.hostName !== '', () => host(contest.hostName)),
  ];
};

const reminder = ({ contest, ends, left, followers }: PostOf<'reminder'>, voice: ContestVoice): Lines => {
  const said = voice.phrases.posts.reminder;
  const end = ends === 'entering' ? contest.enterUntil : contest.voteUntil;
  const until = momentText(end, contest.zone, voice);
  return [
    said.headline[ends][left](contest.rules.theme),
    voice.phrases.phase[ends](until),
    // What is true of a beginning is not for long.
    ...where(left !== 'begins', () => countsText(contest, voice)),
    ...where(followers.length > 0, () => followers.map((one) => personText(one, voice.notation)).join(', ')),
  ];
};

const gallery = ({ contest, numbers, page, pages }: PostOf<'gallery'>, voice: ContestVoice): Lines => {
  const { phrases, actions } = voice;
  const said = phrases.posts.gallery;
  return [
    said.headline(contest.rules.theme, { page, pages }),
    said.films(numbers.map(phrases.numbered)),
    ...where(contest.phase === 'voting', () => said.how(actions.vote.label)),
  ];
};

const winner = ({ score }: PostOf<'winner'>, voice: ContestVoice): Lines => [
  voice.phrases.posts.results.winner(score.place, [scoreText(score, voice)], score.points),
];

/** Whoever may enter another film instead is told so. */
const entry = ({ contest, number, state, reason }: PostOf<'entry'>, voice: ContestVoice): Lines => {
  const { phrases } = voice;
  const said = phrases.posts.entry;
  const film = { number: phrases.numbered(number), theme: phrases.quoted(contest.rules.theme) };
  const until = momentText(contest.enterUntil, contest.zone, voice);
  const mayEnterAnother = state === 'rejected' && contest.phase === 'entering';
  return [
    said[state](film),
    ...where(reason !== null && reason !== '', () => phrases.reason(reason!)),
    ...where(isLive({ state }) && contest.phase === 'entering', () => phrases.changeUntil(until)),
    ...where(mayEnterAnother, () => said.another(until)),
  ];
};

const hostNote = (post: PostOf<'host-note'>, { phrases, writeCommand }: ContestVoice): Lines => {
  const said = phrases.posts.hostNote;
  const { waiting, reports, doubtful } = post;
  return [
    said.headline(post.contest.rules.theme),
    ...where(waiting > 0, () => said.waiting(waiting)),
    ...where(reports > 0, () => said.reports(reports)),
    ...where(doubtful > 0, () => said.doubtful(doubtful)),
    said.look(writeCommand('contest entries')),
  ];
};

const linesOf = (post: ContestPost, voice: ContestVoice): Lines => {
  switch (post.kind) {
    case 'announcement':
      return announcement(post, voice);
    case 'reminder':
      return reminder(post, voice);
    case 'gallery':
      return gallery(post, voice);
    case 'results':
      return resultsLines(post, voice);
    case 'winner':
      return winner(post, voice);
    case 'entry':
      return entry(post, voice);
    case 'host-note':
      return hostNote(post, voice);
    default:
      return post satisfies never;
  }
};

/** What the bot says: a headline, and lines under it. What people typed stands in it as it is. */
export const contestText = (post: ContestPost, language: ContestLanguage, notation: Notation = {}): string =>
  linesOf(post, voiceOf(language, notation)).join('\n').trimEnd();

/** The rules that people have to know, each in a line. */
export const contestRules = (
  contest: ContestFacts,
  language: ContestLanguage,
  notation: Notation = {},
): readonly string[] => ruleLines(contest, voiceOf(language, notation));
