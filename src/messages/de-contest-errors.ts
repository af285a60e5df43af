import type { ContestSentences } from './en-contest-errors.ts';

const phases = {
  draft: 'Der Wettbewerb hat noch nicht begonnen: Warte, bis er beginnt.',
  entering: 'Es können noch Filme eingereicht werden, und nichts ist entschieden: Warte, bis es so weit ist.',
  voting: 'Der Wettbewerb nimmt keine Filme mehr an: Jetzt wird abgestimmt.',
  closed: 'Der Wettbewerb ist vorbei: Schau dir die Ergebnisse an.',
  cancelled: 'Der Wettbewerb wurde abgesagt.',
} as const;

const eligibility = {
  role: (needs: string) =>
    `Dieser Wettbewerb ist für Leute mit der Rolle ${needs}: Frag die Moderation danach.`,
  member: (needs: string) =>
    `Dieser Wettbewerb ist für Leute, die seit ${needs} Tagen hier sind: Mach beim nächsten mit.`,
  late: () => 'Abstimmen kann nur, wer zu Beginn der Abstimmung hier war: Mach beim nächsten Wettbewerb mit.',
  account: (needs: string) =>
    `Dieser Wettbewerb ist für Konten, die älter als ${needs} Tage sind: Mach bei einem späteren mit.`,
  outsider: () => 'Dieser Wettbewerb ist nicht für Gäste: Frag die Moderation.',
  banned: () => 'Die Moderation hat dich von diesem Wettbewerb ausgeschlossen: Frag sie, warum.',
} as const;

export const contestSentences: ContestSentences = {
  'contest-none': () =>
    `Hier gibt es gerade keinen Wettbewerb: Die Moderation kann mit /contest start einen beginnen.`,
  'contest-running': ({ theme }) =>
    `Hier gibt es schon einen Wettbewerb (${JSON.stringify(theme)}): Beende ihn oder sag ihn ab.`,
  'contest-phase': ({ phase }) => phases[phase],
  'contest-right': ({ needs }) =>
    needs === 'host'
      ? 'Das kann nur, wer den Wettbewerb begonnen hat, und die Moderation: Frag dort.'
      : 'Das kann nur die Moderation: Frag dort.',
  'contest-not-eligible': ({ reason, needs }) => eligibility[reason](needs),
  'contest-entries': ({ most }) =>
    `Du hast ${most === 1 ? 'einen Film' : `${most} Filme`} eingereicht, mehr geht nicht: Zieh erst einen zurück.`,
  'contest-fixed': ({ field, needs, received }) =>
    `Dieser Wettbewerb ist für Filme mit ${field} ${needs}, dieser hat ${received}: Mach einen anderen.`,
  'contest-moment': ({ received, problem }) =>
    problem === 'past'
      ? `${JSON.stringify(received)} ist vorbei: Nenn eine spätere Zeit.`
      : problem === 'order'
        ? `${JSON.stringify(received)} ist zu früh: Erst beginnt das Einreichen, dann endet es, dann endet die Abstimmung.`
        : `${JSON.stringify(received)} ist zu weit weg: Ein Wettbewerb dauert höchstens ein halbes Jahr.`,
  'contest-role': ({ received }) =>
    received === null
      ? 'Hier gibt es keine Rollen: Lass Rolle und Preis weg.'
      : `Hier gibt es keine Rolle ${JSON.stringify(received)}: Nenn eine, die es gibt.`,
  'contest-film': ({ problem }) =>
    problem === 'not-yours'
      ? 'Nur eigene Filme können eingereicht werden: Mach einen.'
      : problem === 'elsewhere'
        ? 'Nur Filme von hier können eingereicht werden: Mach hier einen.'
        : 'Dieser Film ist nicht mehr gespeichert: Mach einen anderen.',
  'contest-own-vote': () =>
    'Niemand kann für den eigenen Film oder das eigene Foto stimmen: Wähl einen anderen.',
  'contest-not-in': () => 'Dieser Film ist nicht (mehr) im Wettbewerb: Wähl einen anderen.',
};
