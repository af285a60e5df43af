import { defaultFilm } from '../domain/work-limit.ts';
import type { ChatWords } from './chat-words.ts';
import { createCommandWords, type RenderLine } from './command-words.ts';
import { sentences } from './de-errors.ts';
import {
  bytesText,
  choiceLines,
  choiceName,
  choices,
  commands,
  decimal,
  depthSentences,
  erasure,
  fields,
  listed,
  optionOf,
  otherwise,
  photoOption,
  qualitySentences,
  renderOption,
  topicOption,
} from './de-options.ts';
import { createErrorSentences } from './error-sentences.ts';
import { kindWords, otherKind } from './kinds.ts';
import type { Notation, When } from './names.ts';

const kinds = kindWords.de;

const { errorSentence, operatorSentence } = createErrorSentences(sentences, (field) => optionOf(field).name);

/** `etwa 40 Sekunden`, `etwa 2 Minuten`, `etwa 3 Stunden`: no more exact than it is known, never one of them. */
const aboutSeconds = (seconds: number): string => {
  if (seconds < 10) return 'ein paar Sekunden';
  if (seconds < 90) return `etwa ${Math.round(seconds / 5) * 5} Sekunden`;
  if (seconds < 5400) return `etwa ${Math.round(seconds / 60)} Minuten`;
  return `etwa ${Math.round(seconds / 3600)} Stunden`;
};

/** `, noch etwa 40 Sekunden` or, live, `, fertig in 40 Sekunden`; nothing where it is not known. */
const until = (
  etaSeconds: number | null,
  { inAll, when }: { readonly inAll: (about: string) => string; readonly when?: When | undefined },
): string => {
  if (etaSeconds === null) return '';
  return when ? `, fertig ${when(etaSeconds)}` : `, ${inAll(aboutSeconds(etaSeconds))}`;
};

const still = (about: string): string => `noch ${about}`;

const doneIn = (about: string): string => `in ${about} fertig`;

const state = (render: RenderLine, { when, ...notation }: Notation): string => {
  if (render.waitsForRoom) {
    return `${kinds[render.kind].step(render.progress)}, wartet auf Speicherplatz`;
  }
  switch (render.state) {
    case 'fetching':
      return 'das Foto wird geholt';
    case 'queued':
      return `Platz ${render.position ?? render.waiting} von ${render.waiting}${until(render.etaSeconds, { inAll: doneIn, when })}`;
    case 'running':
      return `${kinds[render.kind].step(render.progress)}${until(render.etaSeconds, { inAll: still, when })}`;
    case 'delivering':
      return 'gerendert, wird gerade gesendet';
    case 'done':
      return render.failure ? 'fertig, dann im Chat gelöscht' : 'fertig';
    case 'failed':
      return render.failure ? `gescheitert: ${errorSentence(render.failure, notation)}` : 'gescheitert';
    case 'cancelled':
      return 'abgebrochen';
    default:
      return render.state satisfies never;
  }
};

const renderSentence: ChatWords['renderSentence'] = (body, { when, ...options } = {}) => {
  switch (body.kind) {
    case 'fetching':
      return 'Ich sehe mir das Foto an…';
    case 'waiting': {
      const { position, total, etaSeconds } = body;
      const place =
        position === 1 ? 'Als Nächstes an der Reihe' : `Platz ${position} von ${total} in der Warteschlange`;
      return `${place}${until(etaSeconds, { inAll: doneIn, when })}.`;
    }
    case 'running': {
      const { begins, step } = kinds[body.renderKind];
      const place = body.progress.done === 0 ? begins : step(body.progress);
      return `${place}${until(body.etaSeconds, { inAll: still, when })}.`;
    }
    case 'no-room': {
      const { step, readyWithoutSpace, waitsForSpace } = kinds[body.renderKind];
      const isReady = body.progress.done === body.progress.total;
      return isReady ? readyWithoutSpace : `${step(body.progress)}. ${waitsForSpace}`;
    }
    case 'progress': {
      const { step, takesShape } = kinds[body.renderKind];
      return body.progress.done === 0 ? takesShape : `${step(body.progress)}.`;
    }
    case 'copy':
      return kinds[body.renderKind].copy;
    case 'result':
      return kinds[body.renderKind].ready;
    case 'failed':
      return errorSentence(body.failure, options);
    case 'cancelled':
      return 'Abgebrochen.';
    case 'expired':
      return kinds[body.renderKind].expired;
    default:
      return body satisfies never;
  }
};

/** So many default films, and what a film's work comes from. */
const workLimit = (maxWork: number): string => {
  const { size, frames, steps } = defaultFilm;
  return `Ein Ergebnis darf höchstens ${maxWork === 1 ? 'so aufwendig' : `${decimal(maxWork)}-mal so aufwendig`} sein wie der Standardfilm (${size} px, ${frames} Bilder, ${steps} Schritte): Die doppelte Größe ist viermal so aufwendig, doppelt so viele Bilder oder Schritte etwa doppelt so aufwendig.`;
};

const commandWords = createCommandWords({
  workLimit,
  cancelled: (id) => `${id} ist abgebrochen.`,
  now: (render) => `Jetzt: ${render}`,
  more: (count) => `und ${count} ${count === 1 ? 'weiterer' : 'weitere'}`,
  nothing: 'Gerade wird nichts gerendert, und nichts wartet.',
  moreHelp: 'Alle Optionen: /hilfe thema:Optionen',
  noneYet: 'Du hast noch keine Filme: Schick ein Foto.',
  facts: ({ kind, seed, network, depth }) =>
    [...otherKind(kinds, kind), `Seed ${seed}`, network, choiceName('depth', depth)].join(', '),
  state,
  command: (name) => commands[name],
  option: optionOf,
  limits: ({ name, choices: offered, min, max }) => {
    if (offered) return listed(offered.map((choice) => choiceName(name, choice)));
    return min !== undefined && max !== undefined ? `${decimal(min)} bis ${decimal(max)}` : null;
  },
  without: (option) => {
    const { name, default: fallback } = option;
    if (typeof fallback === 'number') return `Standard: ${decimal(fallback)}`;
    if (fallback !== undefined) return `Standard: ${choiceName(name, fallback)}`;
    const without = otherwise(option);
    return without ? `Standard: ${without}` : null;
  },
  choiceLines,
});

/** German. */
export const de: ChatWords = {
  language: 'de',
  ...{
    errorSentence,
    operatorSentence,
    renderSentence,
    commandWords,
    workLimit,
    commands,
    fields,
    photoOption,
    renderOption,
    topicOption,
  },
  ...{ otherwise, choices, choiceLines, qualities: qualitySentences, depths: depthSentences },
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
  },
  erasure,
  seed: (seed) => `Seed ${seed}`,
  parent: (id) => `neu gewürfelt aus ${id}`,
  bytes: bytesText,
  listed,
  kinds,
  threadName: (about) => `gramzoom: ${about}`,
  notUnderstood: 'Damit kann ich nichts anfangen: Was ich kann, zeigt /hilfe.',
  photoChoice: ({ number, total }) => `Foto ${number} von ${total}`,
  otherPhotos: 'Ein anderes Foto der Nachricht nehmen',
  deleted: 'Gelöscht.',
  sent: 'Gesendet: Du findest ihn in deinen Direktnachrichten.',
};
