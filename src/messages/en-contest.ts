import type { ContestPhrases, PostPhrases, SharedContestPhrases } from './contest-phrases.ts';
import { panels } from './en-contest-panels.ts';
import { createListed } from './phrases.ts';

const and = createListed('and');
const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const films = (count: number): string => counted(count, 'film', 'films');
const points = (count: number): string => counted(count, 'point', 'points');
const people = (count: number): string => counted(count, 'person has', 'people have');

const place = (number: number): string => {
  const isTeen = number % 100 > 10 && number % 100 < 14;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending} place`;
};

const shared: SharedContestPhrases = {
  locale: 'en-GB',
  dateTime: ({ day, month, year, hour, minute }) => `${day} ${month} ${year}, ${hour}:${minute}`,
  date: ({ day, month, year }) => `${day} ${month} ${year}`,
  and,
  numbered: (number) => `No. ${number}`,
  quoted: (text) => `“${text}”`,
  points,
  place,
  deleted: 'deleted',
  others: (count) => counted(count, 'other', 'others'),
  changeUntil: (until) => `You can change that until ${until}.`,
  reason: (reason) => `The reason: ${reason}`,
  phase: {
    draft: (from) => `It begins ${from}.`,
    entering: (until) => `Enter a film until ${until}.`,
    voting: (until) => `Vote until ${until}.`,
    closed: 'This contest is over.',
    cancelled: 'This contest was called off.',
  },
};

const posts: PostPhrases = {
  headline: (theme) => `🏆 Contest: ${theme}`,
  enterHow: ({ button, command }) => `Press “${button}” here or under a film of yours, or use ${command}.`,
  voteHow: ({ button }) =>
    `Press “${button}”: you see the films and rank up to three. You can change that until the end, and nobody sees it.`,
  thenVote: (until) => `Then everybody votes, until ${until}.`,
  filmsSoFar: (count) => (count === 0 ? 'No film yet: be the first!' : `${films(count)} so far.`),
  noneIn: 'No film is in yet.',
  took: (count, voters) =>
    voters === 0 ? `${films(count)}; nobody has voted yet.` : `${films(count)}, and ${people(voters)} voted.`,
  host: (name) => `Host: ${name}`,
  rules: {
    perPerson: (count) => (count === 1 ? 'One film each.' : `Up to ${count} films each.`),
    anonymous: 'Whose film is whose stays secret until the end.',
    named: 'Everybody sees whose film is whose.',
    approval: 'A moderator looks at each film before it is in.',
    role: (name) => `Only for people with the role ${name}.`,
    memberDays: (days) => `Only for people who have been here for ${counted(days, 'day', 'days')}.`,
    accountDays: (days) => `Only for accounts that are older than ${counted(days, 'day', 'days')}.`,
    guests: 'Guests may take part.',
    size: (pixels) => `Films of size ${pixels} only.`,
    frames: (count) => `Films of ${count} frames only.`,
    network: (name) => `Films made with the network ${name} only.`,
    prize: (name) => `The winner gets the role ${name}.`,
    voting: ([first, second, third]) =>
      `Your first place gives ${first} points, your second ${second}, your third ${third}. Nobody can vote for a film or photo of their own.`,
    ties: 'With equal points more first places win, then more second places; else the place is shared.',
    fairness: (fewest) =>
      `How the votes stand is secret until the end; with fewer than ${fewest} voters nobody wins.`,
  },
  reminder: {
    headline: {
      entering: {
        begins: (theme) => `📣 ${theme}: films can be entered from now on`,
        half: (theme) => `🔔 ${theme}: half of the time to enter is over`,
        day: (theme) => `🔔 ${theme}: one more day to enter`,
        hour: (theme) => `🔔 ${theme}: one more hour to enter`,
      },
      voting: {
        begins: (theme) => `📣 ${theme}: the vote is open`,
        half: (theme) => `🔔 ${theme}: half of the time to vote is over`,
        day: (theme) => `🔔 ${theme}: one more day to vote`,
        hour: (theme) => `🔔 ${theme}: one more hour to vote`,
      },
    },
  },
  gallery: {
    headline: (theme, { page, pages }) => `🖼️ ${theme}: the films${pages > 1 ? ` (${page} of ${pages})` : ''}`,
    films: (numbers) => `${numbers.length > 1 ? 'In this order: ' : ''}${numbers.join(', ')}`,
    how: (button) => `Press “${button}” to watch them and to vote; everybody sees them in another order.`,
  },
  results: {
    headline: (theme) => `🏆 ${theme}: the results`,
    winner: (number, who, count) =>
      `${place(number)}${who.length > 1 ? ', shared' : ''}: ${and(who)}, ${points(count)}${who.length > 1 ? ' each' : ''}`,
    shared: 'Who shares a place has as many points, first places and second places.',
    voted: (count) => `${people(count)} voted. Thank you all!`,
    noPoints: 'No film got a point, so nobody has won.',
    table: 'All films:',
    line: ({ place: number, who, points: count, ranks }) => {
      const given = ranks.flatMap((times, rank) => (times > 0 ? [`${times} × ${place(rank + 1)}`] : []));
      return `${number}. ${who}: ${points(count)}${given.length > 0 ? ` (${given.join(', ')})` : ''}`;
    },
    more: (count, command) => `and ${count} more; the host gets all of them with ${command}`,
    noEntries: 'Nobody entered a film, so there was nothing to vote for. Maybe next time!',
    tooFewVoters: (fewest) => `Fewer than ${fewest} people voted, so there is no winner this time.`,
    thanks: (who) => `Thank you for your films, ${and(who)}!`,
    extend: (command) => `The host can open the vote again with ${command}.`,
    prize: {
      given: (role, who) => `The role ${role} goes to ${and(who)}. Congratulations!`,
      'not-allowed': (role, who) =>
        `The role ${role} goes to ${and(who)}, but I may not give it here: would a moderator please do so?`,
      gone: (role) => `I could not give the role ${role}: it or the winner is no longer here.`,
    },
  },
  entry: {
    rendering: ({ theme }) => `Your film will be in the contest ${theme} as soon as it is rendered.`,
    waiting: ({ number, theme }) =>
      `Your film is ${number} in the contest ${theme} and waits for a moderator to let it in.`,
    in: ({ number, theme }) => `You are in: your film is ${number} in the contest ${theme}.`,
    withdrawn: ({ number, theme }) => `Your film ${number} is no longer in the contest ${theme}.`,
    rejected: ({ number, theme }) => `A moderator did not let your film ${number} into the contest ${theme}.`,
    disqualified: ({ number, theme }) => `A moderator took your film ${number} out of the contest ${theme}.`,
    another: (until) => `You can enter another one until ${until}.`,
  },
  hostNote: {
    headline: (theme) => `📋 ${theme}`,
    waiting: (count) => `${counted(count, 'film waits', 'films wait')} for a moderator.`,
    reports: (count) => `${counted(count, 'report', 'reports')} from people here.`,
    doubtful: (count) => `${counted(count, 'vote', 'votes')} that may not be honest.`,
    look: (command) => `Look at it with ${command}.`,
  },
};

/** English. */
export const contest: ContestPhrases = { ...shared, posts, panels };
