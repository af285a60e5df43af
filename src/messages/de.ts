import { defaultFilm } from '../domain/work-limit.ts';
import type { Phrases } from './chat-words.ts';
import { createWords } from './create-words.ts';
import { contest } from './de-contest.ts';
import { sentences } from './de-errors.ts';
import * as options from './de-options.ts';
import { kindWords } from './kinds.ts';

const { size, frames, steps } = defaultFilm;

const about = (seconds: number): string => {
  if (seconds < 10) return 'ein paar Sekunden';
  if (seconds < 90) return `etwa ${Math.round(seconds / 5) * 5} Sekunden`;
  if (seconds < 5400) return `etwa ${Math.round(seconds / 60)} Minuten`;
  return `etwa ${Math.round(seconds / 3600)} Stunden`;
};

const phrases: Phrases = {
  number: options.decimal,
  about,
  doneAt: (moment) => `fertig ${moment}`,
  left: (time) => `noch ${time}`,
  doneIn: (time) => `in ${time} fertig`,
  states: {
    fetching: 'das Foto wird geholt',
    delivering: 'gerendert, wird gerade gesendet',
    done: 'fertig',
    failed: 'gescheitert',
    cancelled: 'abgebrochen',
  },
  deletedInChat: 'fertig, dann im Chat gelöscht',
  waitsForSpace: 'wartet auf Speicherplatz',
  numberOf: (position, total) => `Platz ${position} von ${total}`,
  looking: 'Ich sehe mir das Foto an…',
  next: 'Als Nächstes an der Reihe',
  place: (position, total) => `Platz ${position} von ${total} in der Warteschlange`,
  cancelled: 'Abgebrochen.',
  reel: { name: 'Der Siegerfilm', ready: 'Der Siegerfilm ist fertig.' },
  cancelledRender: (id) => `${id} ist abgebrochen.`,
  now: (render) => `Jetzt: ${render}`,
  more: (count) => `und ${count} ${count === 1 ? 'weiterer' : 'weitere'}`,
  nothing: 'Gerade wird nichts gerendert, und nichts wartet.',
  noneYet: 'Du hast noch keine Filme: Schick ein Foto.',
  moreHelp: (help) => `Alle Optionen: ${help} thema:Optionen; Wettbewerbe: ${help} thema:Wettbewerb`,
  range: (min, max) => `${min} bis ${max}`,
  usual: (value) => `Standard: ${value}`,
  byQuality: (values) => `${values} je nach Qualität`,
  offeredBy: (networks) => `mit ${networks}`,
  otherwise: { seed: 'jedes Mal zufällig', maxBytes: 'keine Grenze' },
};

/** German. */
export const de = createWords({
  language: 'de',
  kinds: kindWords.de,
  ...options,
  sentences,
  contest,
  phrases,
  workLimit: (maxWork) =>
    `Ein Ergebnis darf höchstens ${maxWork === 1 ? 'so aufwendig' : `${options.decimal(maxWork)}-mal so aufwendig`} sein wie der Standardfilm (${size} px, ${frames} Bilder, ${steps} Schritte): Die doppelte Größe ist viermal so aufwendig, doppelt so viele Bilder oder Schritte etwa doppelt so aufwendig.`,
  actions: {
    reroll: { label: 'Neu würfeln', help: 'Dasselbe Foto mit einem neuen Seed' },
    larger: { label: 'Größer', help: 'Dasselbe mit längeren Seiten' },
    cancel: { label: 'Abbrechen', help: 'Bricht das ab' },
    delete: { label: 'Löschen', help: 'Entfernt das für alle' },
    download: { label: 'Herunterladen', help: 'Speichert die Datei' },
    'delete-photo': {
      label: 'Foto löschen',
      help: 'Löscht dein Foto und alles, was daraus wurde, endgültig',
    },
    enter: { label: 'Einreichen', help: 'Mit diesem Film am Wettbewerb teilnehmen' },
    vote: { label: 'Abstimmen', help: 'Bis zu drei Filme auf Plätze setzen' },
    status: { label: 'Mein Stand', help: 'Was du eingereicht und gewählt hast' },
    follow: { label: 'Erinnern', help: 'Vor dem Ende von Einreichen und Abstimmung erinnert werden' },
  },
  seed: (seed) => `Seed ${seed}`,
  parent: (id) => `neu gewürfelt aus ${id}`,
  threadName: (about) => `gramzoom: ${about}`,
  notUnderstood: (help = '/hilfe') => `Damit kann ich nichts anfangen: Was ich kann, zeigt ${help}.`,
  photoChoice: ({ number, total }) => `Foto ${number} von ${total}`,
  otherPhotos: 'Ein anderes Foto der Nachricht nehmen',
  deleted: 'Gelöscht.',
  sent: 'Gesendet: Du findest ihn in deinen Direktnachrichten.',
});
