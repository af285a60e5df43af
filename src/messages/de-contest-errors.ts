import type { ContestSentences } from './en-contest-errors.ts';
import { createQuoted } from './phrases.ts';

const quoted = createQuoted('„', '“');

const days = (count: string, one: string): string => (count === '1' ? one : `${count} Tage`);

const phases = {
  draft: 'Der Wettbewerb hat noch nicht begonnen: Warte, bis er beginnt.',
  entering: 'Es können noch Filme eingereicht werden, und noch stimmt niemand ab: Warte, bis es so weit ist.',
  voting: 'Der Wettbewerb nimmt keine Filme mehr an: Jetzt wird abgestimmt.',
  closed: 'Der Wettbewerb ist vorbei: Schau dir die Ergebnisse an.',
  cancelled: 'Der Wettbewerb wurde abgesagt: Warte auf den nächsten.',
} as const;

const eligibility = {
  role: (needs: string) =>
    `Dieser Wettbewerb ist für Leute mit der Rolle ${quoted(needs)}: Frag die Moderation danach.`,
  member: (needs: string) =>
    `Dieser Wettbewerb ist für Leute, die länger als ${days(needs, 'einen Tag')} hier sind: Mach beim nächsten mit.`,
  late: () => 'Abstimmen kann nur, wer zu Beginn der Abstimmung hier war: Mach beim nächsten Wettbewerb mit.',
  account: (needs: string) =>
    `Dieser Wettbewerb ist für Konten, die älter als ${days(needs, 'ein Tag')} sind: Mach bei einem späteren mit.`,
  outsider: () => 'Dieser Wettbewerb ist nicht für Gäste: Frag die Moderation.',
  banned: () => 'Die Moderation hat dich von diesem Wettbewerb ausgeschlossen: Frag sie, warum.',
} as const;

const films = {
  'not-yours': 'Nur eigene Filme können eingereicht werden: Mach einen.',
  elsewhere: 'Nur Filme von hier können eingereicht werden: Mach hier einen.',
  'not-here': 'Dieser Film ist nicht mehr gespeichert: Mach einen anderen.',
} as const;

export const contestSentences: ContestSentences = {
  'contest-none': (_, { writeCommand }) =>
    `Hier gibt es gerade keinen Wettbewerb: Die Moderation kann mit ${writeCommand('contest start')} einen beginnen.`,
  'contest-running': ({ theme }, { writeCommand }) =>
    `Hier gibt es schon einen Wettbewerb (${quoted(theme)}): Beende ihn erst, mit ${writeCommand('contest close')} oder ${writeCommand('contest cancel')}.`,
  'contest-phase': ({ phase }) => phases[phase],
  'contest-right': ({ needs }) =>
    needs === 'host'
      ? 'Das kann nur, wer den Wettbewerb begonnen hat, und die Moderation: Frag dort.'
      : 'Das kann nur die Moderation: Frag dort.',
  'contest-not-eligible': ({ reason, needs }) => eligibility[reason](needs),
  'contest-entries': ({ most }, { writeCommand }) =>
    `Du hast ${most === 1 ? 'einen Film' : `${most} Filme`} eingereicht, mehr geht nicht: Zieh erst einen zurück, mit ${writeCommand('contest status')}.`,
  'contest-fixed': ({ field, needs, received }, { nameField }) =>
    `Alle Filme dieses Wettbewerbs haben ${nameField(field)} ${quoted(needs)}, dieser hat ${quoted(received)}: Mach einen anderen.`,
  'contest-moment': ({ field, received, problem }, { nameField }) => {
    const named = `${nameField(field)} ${quoted(received)}`;
    switch (problem) {
      case 'past':
        return `${named} ist vorbei: Nenn eine spätere Zeit.`;
      case 'order':
        if (field === 'until') return `${named} ist zu früh: Nenn eine Zeit nach dem jetzigen Ende.`;
        return `${named} ist zu früh: Erst beginnt das Einreichen, dann endet es, dann endet die Abstimmung.`;
      case 'far':
        return `${named} ist mehr als ein Jahr weg: Nenn eine frühere Zeit.`;
      default:
        return problem satisfies never;
    }
  },
  'contest-role': ({ received }, { nameField }) =>
    received === null
      ? `Hier gibt es keine Rollen: Lass ${nameField('role')} und ${nameField('prize')} weg.`
      : `${quoted(received)} ist keine Rolle, die man hier bekommen kann: Nenn eine andere.`,
  'contest-film': ({ problem }) => films[problem],
  'contest-own-vote': () =>
    'Niemand kann für einen eigenen Film oder ein eigenes Foto stimmen: Wähl einen anderen.',
  'contest-not-in': () => 'Dieser Film ist nicht (mehr) im Wettbewerb: Wähl einen anderen.',
};
