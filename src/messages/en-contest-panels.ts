import type { PanelPhrases } from './contest-phrases.ts';

const places = { 1: '1st place', 2: '2nd place', 3: '3rd place' } as const;

export const panels: PanelPhrases = {
  done: {
    started: 'The contest is started, and I have announced it here.',
    extended: 'There is more time now.',
    cancelled: 'The contest is called off.',
    followed: 'I will remind you: when entering and voting begin, and before they end.',
    unfollowed: 'I will not remind you any more.',
    withdrawn: 'Your film is no longer in the contest.',
  },
  ended: {
    entering: (until) => `Entering is over, and voting has begun, until ${until}.`,
    voting: 'The contest is over: the results are where I announced it.',
  },
  status: {
    none: 'You have not entered a film.',
    entries: 'Your films:',
    states: {
      rendering: 'in as soon as it is rendered',
      waiting: 'waits for a moderator',
      in: 'in the contest',
      withdrawn: 'withdrawn',
      rejected: 'not let in',
      disqualified: 'taken out by a moderator',
    },
    noBallot: 'You have not voted.',
    ballot: (numbers) => `Your vote, best first: ${numbers.join(', ')}.`,
    following: 'I will remind you before it ends.',
    hosting: (commands) => `For you as a host: ${commands.join(', ')}.`,
  },
  buttons: {
    vote: 'Vote',
    enter: 'Enter a film',
    status: 'My part',
    follow: 'Remind me',
    unfollow: 'Remind me no more',
    withdraw: (number) => `Withdraw ${number}`,
    review: (waiting) => (waiting === '' ? 'Look through the films' : `Look through the films (${waiting})`),
    back: 'Back',
    next: 'Next',
    watch: (number) => `Watch ${number}`,
    ballot: 'All films',
    report: 'Report',
    approve: 'Let in',
    reject: 'Do not let in',
    disqualify: 'Take out',
    ban: 'Ban this person',
    unban: 'Lift the ban',
    rank: (rank) => places[rank],
    unrank: 'Take off my vote',
    photo: 'Send a new photo',
  },
  choose: {
    title: 'Enter the contest',
    how: 'Choose one of your latest films, or send a photo: I make a film of it and enter that.',
    noFilms:
      'You have no film here that can be entered: send a photo, and I make a film of it and enter that.',
    replaces: 'You have entered a film already: another one takes its place.',
    full: (most) => `You have entered ${most} films, which is as many as you may: withdraw one first.`,
    left: (count) => `You can enter ${count === 1 ? 'one more film' : `${count} more films`}.`,
    menu: 'Which film',
    film: (name, { seed, entered }) =>
      `${name} (seed ${seed}${entered === null ? '' : `, entered as ${entered}`})`,
  },
  entered: {
    already: 'This film is in the contest already.',
  },
  ballot: {
    title: 'Your vote',
    how: 'Put up to three films on your places. You can change that until the end, and nobody sees it.',
    changed: 'Your vote is saved.',
    empty: 'You have not voted yet.',
    rank: (rank, number) => `${places[rank]}: ${number ?? '–'}`,
    menu: (rank) => places[rank],
    nothing: 'no film',
    own: 'yours',
    page: (page, pages) => `Page ${page} of ${pages}, in an order of your own.`,
    menusNear: 'The menus offer the films of this page and those after it: turn the page for others.',
    caption: (number, { isOwn, rank }) =>
      [
        number,
        ...(isOwn ? ['yours: you cannot vote for it'] : []),
        ...(rank ? [`your ${places[rank]}`] : []),
      ].join(', '),
    noFilms: 'There are no films to vote for.',
  },
  show: {
    alt: (number) => `Film ${number} of the contest`,
    gone: 'The film is not here (any more).',
    own: 'This one is yours: you cannot vote for it.',
  },
  reported: {
    title: 'Thank you',
    thanks: (number) => `The moderators will have a look at ${number}.`,
  },
  review: {
    title: 'The films',
    none: 'There are no films to look through.',
    position: ({ position, total, waiting }) =>
      `${position + 1} of ${total}${waiting > 0 ? `; ${waiting} ${waiting === 1 ? 'waits' : 'wait'} to be let in` : ''}`,
    by: (number, name) => `${number}, by ${name}`,
    reports: 'Reported:',
    doubts: 'Votes that may not be honest (they count all the same):',
    doubt: {
      'young-account': 'young account',
      'joined-late': 'came here after the contest was announced',
      'many-changes': 'changed very often',
    },
    done: {
      approve: (number) => `${number} is in the contest.`,
      reject: (number) => `${number} is not let in, and its maker is told why.`,
      disqualify: (number) => `${number} is out of the contest, and its maker is told why.`,
      ban: (number) => `The maker of ${number} can neither enter nor vote now, and their films are out.`,
      unban: (number) =>
        `The maker of ${number} can enter and vote again. Their films stay out until you approve them.`,
    },
    more: (count) => `and ${count} more`,
  },
  asks: {
    report: { title: 'Report a film', label: 'What is wrong with it?' },
    reject: { title: 'Do not let in', label: 'Why? Its maker is told.' },
    disqualify: { title: 'Take out', label: 'Why? Its maker is told.' },
    ban: { title: 'Ban this person', label: 'Why? They are told.' },
  },
  hall: {
    title: 'Hall of fame',
    none: 'No contest has ended here yet.',
    contest: (theme, date) => `${theme} (${date})`,
    winner: (place, who, points) =>
      `${places[place as 1] ?? `${place}th place`}: ${who}, ${points} ${points === 1 ? 'point' : 'points'}`,
    noWinner: 'no winner',
  },
  export: {
    title: 'The contest as a page',
    how: 'Here are the results and all films, in one file that needs nothing else. From now on the films are kept no longer than others: save it.',
  },
};
