import type { PanelPhrases } from './contest-phrases.ts';

export const panels: PanelPhrases = {
  done: {
    started: 'Der Wettbewerb ist begonnen, und ich habe ihn hier angekündigt.',
    extended: 'Jetzt ist mehr Zeit.',
    cancelled: 'Der Wettbewerb ist abgesagt.',
    followed: 'Ich erinnere dich: wenn Einreichen und Abstimmung beginnen, und vor ihrem Ende.',
    unfollowed: 'Ich erinnere dich nicht mehr.',
    withdrawn: 'Dein Film ist nicht mehr im Wettbewerb.',
  },
  ended: {
    entering: (until) => `Das Einreichen ist vorbei, und die Abstimmung hat begonnen, bis ${until}.`,
    voting: 'Der Wettbewerb ist vorbei: Die Ergebnisse stehen dort, wo ich ihn angekündigt habe.',
  },
  status: {
    none: 'Du hast keinen Film eingereicht.',
    entries: 'Deine Filme:',
    states: {
      rendering: 'dabei, sobald er gerendert ist',
      waiting: 'wartet auf die Moderation',
      in: 'im Wettbewerb',
      withdrawn: 'zurückgezogen',
      rejected: 'nicht zugelassen',
      disqualified: 'von der Moderation herausgenommen',
    },
    noBallot: 'Du hast noch nicht abgestimmt.',
    ballot: (numbers) => `Deine Stimme, der beste zuerst: ${numbers.join(', ')}.`,
    following: 'Ich erinnere dich, bevor es endet.',
    hosting: (commands) => `Wer veranstaltet, kann auch: ${commands.join(', ')}.`,
  },
  buttons: {
    vote: 'Abstimmen',
    enter: 'Film einreichen',
    status: 'Mein Stand',
    follow: 'Erinnern',
    unfollow: 'Nicht mehr erinnern',
    withdraw: (number) => `${number} zurückziehen`,
    review: (waiting) => (waiting === '' ? 'Filme durchsehen' : `Filme durchsehen (${waiting})`),
    back: 'Zurück',
    next: 'Weiter',
    watch: (number) => `${number} ansehen`,
    ballot: 'Alle Filme',
    report: 'Melden',
    approve: 'Zulassen',
    reject: 'Nicht zulassen',
    disqualify: 'Herausnehmen',
    ban: 'Person ausschließen',
    unban: 'Ausschluss aufheben',
    rank: (rank) => `${rank}. Platz`,
    unrank: 'Von meiner Stimme nehmen',
    photo: 'Neues Foto schicken',
  },
  choose: {
    title: 'Beim Wettbewerb einreichen',
    how: 'Wähl einen deiner neuesten Filme, oder schick ein Foto: Ich mache einen Film daraus und reiche ihn ein.',
    noFilms:
      'Du hast hier keinen Film, der eingereicht werden kann: Schick ein Foto, ich mache einen Film daraus und reiche ihn ein.',
    replaces: 'Du hast schon einen Film eingereicht: Ein anderer kommt an seine Stelle.',
    full: (most) => `Du hast ${most} Filme eingereicht, mehr geht nicht: Zieh erst einen zurück.`,
    left: (count) => `Du kannst noch ${count === 1 ? 'einen Film' : `${count} Filme`} einreichen.`,
    menu: 'Welcher Film',
    film: (name, { seed, entered }) =>
      `${name} (Seed ${seed}${entered === null ? '' : `, eingereicht als ${entered}`})`,
  },
  entered: {
    already: 'Dieser Film ist schon im Wettbewerb.',
  },
  ballot: {
    title: 'Deine Stimme',
    how: 'Setz bis zu drei Filme auf deine Plätze. Das kannst du bis zum Ende ändern, und niemand sieht es.',
    changed: 'Deine Stimme ist gespeichert.',
    empty: 'Du hast noch nicht abgestimmt.',
    rank: (rank, number) => `${rank}. Platz: ${number ?? '–'}`,
    menu: (rank) => `${rank}. Platz`,
    nothing: 'kein Film',
    own: 'deiner',
    page: (page, pages) => `Seite ${page} von ${pages}, in deiner eigenen Reihenfolge.`,
    menusNear: 'Die Menüs zeigen die Filme dieser Seite und die danach: Blättere für andere.',
    caption: (number, { isOwn, rank }) =>
      [
        number,
        ...(isOwn ? ['deiner: Für ihn kannst du nicht stimmen'] : []),
        ...(rank ? [`dein ${rank}. Platz`] : []),
      ].join(', '),
    noFilms: 'Es gibt keine Filme, für die man stimmen kann.',
  },
  show: {
    alt: (number) => `Film ${number} des Wettbewerbs`,
    gone: 'Der Film ist nicht (mehr) da.',
    own: 'Das ist deiner: Für ihn kannst du nicht stimmen.',
  },
  reported: {
    title: 'Danke',
    thanks: (number) => `Die Moderation sieht sich ${number} an.`,
  },
  review: {
    title: 'Die Filme',
    none: 'Es gibt keine Filme durchzusehen.',
    position: ({ position, total, waiting }) =>
      `${position + 1} von ${total}${waiting > 0 ? `; ${waiting} ${waiting === 1 ? 'wartet' : 'warten'} auf die Zulassung` : ''}`,
    by: (number, name) => `${number}, von ${name}`,
    reports: 'Gemeldet:',
    doubts: 'Stimmen, die vielleicht nicht ehrlich sind (sie zählen trotzdem):',
    doubt: {
      'young-account': 'neues Konto',
      'joined-late': 'kam erst nach der Ankündigung',
      'many-changes': 'sehr oft geändert',
    },
    done: {
      approve: (number) => `${number} ist im Wettbewerb.`,
      reject: (number) => `${number} ist nicht zugelassen, und der Grund wird weitergesagt.`,
      disqualify: (number) => `${number} ist nicht mehr im Wettbewerb, und der Grund wird weitergesagt.`,
      ban: (number) =>
        `Wer ${number} eingereicht hat, kann weder einreichen noch abstimmen, und die Filme sind nicht mehr dabei.`,
      unban: (number) =>
        `Wer ${number} eingereicht hat, kann wieder einreichen und abstimmen. Die Filme bleiben draußen, bis sie zugelassen werden.`,
    },
    more: (count) => `und ${count} weitere`,
  },
  asks: {
    report: { title: 'Film melden', label: 'Was stimmt damit nicht?' },
    reject: { title: 'Nicht zulassen', label: 'Warum? Der Grund wird weitergesagt.' },
    disqualify: { title: 'Herausnehmen', label: 'Warum? Der Grund wird weitergesagt.' },
    ban: { title: 'Person ausschließen', label: 'Warum? Der Grund wird weitergesagt.' },
  },
  hall: {
    title: 'Ruhmeshalle',
    none: 'Hier ist noch kein Wettbewerb zu Ende gegangen.',
    contest: (theme, date) => `${theme} (${date})`,
    winner: (place, who, points) => `${place}. Platz: ${who}, ${points} ${points === 1 ? 'Punkt' : 'Punkte'}`,
    noWinner: 'niemand hat gewonnen',
  },
  export: {
    title: 'Der Wettbewerb als Seite',
    how: 'Hier sind die Ergebnisse und alle Filme, in einer Datei, die nichts weiter braucht. Von jetzt an werden die Filme nicht länger aufgehoben als andere: Speicher sie.',
  },
};
