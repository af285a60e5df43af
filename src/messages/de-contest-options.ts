import type { ContestNames } from './en-contest-options.ts';
import type { Named } from './names.ts';

const onOff = { on: 'an', off: 'aus' } as const;

export const contestCommand: ContestNames['contestCommand'] = {
  name: 'wettbewerb',
  description: 'ein Wettbewerb der Filme: einreichen, abstimmen, gewinnen',
};

export const contestCommands: ContestNames['contestCommands'] = {
  'contest start': { name: 'wettbewerb starten', description: 'beginnt hier einen Wettbewerb' },
  'contest status': {
    name: 'wettbewerb stand',
    description: 'zeigt, wie der Wettbewerb steht: einreichen und abstimmen',
  },
  'contest entries': { name: 'wettbewerb filme', description: 'zeigt die eingereichten Filme zum Prüfen' },
  'contest extend': {
    name: 'wettbewerb verlängern',
    description: 'gibt mehr Zeit zum Einreichen oder Abstimmen',
  },
  'contest close': { name: 'wettbewerb beenden', description: 'beendet das Einreichen oder Abstimmen jetzt' },
  'contest cancel': { name: 'wettbewerb absagen', description: 'sagt den Wettbewerb ab' },
  'contest hall': { name: 'wettbewerb ruhmeshalle', description: 'zeigt, wer hier gewonnen hat' },
  'contest export': {
    name: 'wettbewerb speichern',
    description: 'speichert die Ergebnisse und alle Filme als Seite',
  },
};

export const contestFields: ContestNames['contestFields'] = {
  theme: {
    name: 'thema',
    description: 'worum es geht, etwa Gruseligste Katze; mit einem Anlass nicht nötig',
  },
  preset: { name: 'anlass', description: 'Zeiten und Thema eines Anlasses' },
  enterFrom: { name: 'einreichen_ab', description: 'ab wann Filme eingereicht werden; sonst sofort' },
  enterUntil: {
    name: 'einreichen_bis',
    description: 'bis wann Filme eingereicht werden, etwa 31.10.2026 18:00 oder 3 Tage',
  },
  voteUntil: { name: 'abstimmen_bis', description: 'bis wann abgestimmt wird' },
  timezone: { name: 'zeitzone', description: 'Zeitzone dieser Zeiten, etwa Europe/Berlin' },
  entries: { name: 'filme', description: 'wie viele Filme jede Person einreichen darf' },
  approval: { name: 'freigabe', description: 'ob die Moderation jeden Film erst zulässt' },
  anonymous: { name: 'anonym', description: 'ob vor dem Ende niemand erfährt, von wem welcher Film ist' },
  role: { name: 'rolle', description: 'Rolle, die man zum Einreichen und Abstimmen braucht' },
  memberDays: {
    name: 'tage_dabei',
    description: 'wie viele Tage man hier sein muss, um einzureichen und abzustimmen',
  },
  accountDays: {
    name: 'tage_konto',
    description: 'wie viele Tage alt ein Konto sein muss, um einzureichen und abzustimmen',
  },
  guests: { name: 'gäste', description: 'ob Gäste einreichen und abstimmen dürfen' },
  prize: { name: 'preis', description: 'Rolle, die bekommt, wer gewinnt' },
  size: { name: 'größe', description: 'Größe, die alle Filme haben müssen, in Pixeln' },
  frames: { name: 'bilder', description: 'wie viele Bilder alle Filme haben müssen' },
  network: { name: 'netz', description: 'Netz, mit dem alle Filme gemacht sein müssen' },
  until: { name: 'bis', description: 'das neue Ende, etwa 2.11.2026 18:00 oder 2 Tage' },
};

export const contestOption: ContestNames['contestOption'] = {
  name: 'wettbewerb',
  description: 'ob das Ergebnis hier am Wettbewerb teilnimmt',
};

export const reasonOption: Named = { name: 'grund', description: 'warum' };

export const contestChoices: ContestNames['contestChoices'] = {
  preset: { halloween: 'Halloween' },
  approval: onOff,
  anonymous: onOff,
  guests: onOff,
  contest: onOff,
};
