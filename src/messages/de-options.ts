import { formatBytes } from '../domain/bytes.ts';
import type { Texts } from './chat-words.ts';
import { choiceNameIn } from './create-words.ts';
import { contestChoices, contestCommands } from './de-contest-options.ts';
import { kindCommandWords, kindWords, ofEveryKind } from './kinds.ts';
import type { Named } from './names.ts';
import { createListed } from './phrases.ts';

const kinds = kindWords.de;

export { contestCommand, contestFields, contestOption, reasonOption } from './de-contest-options.ts';

export const listed = createListed('oder');

/** `1,005`: options take digits without dots between them. */
export const decimal = (value: number): string => String(value).replace('.', ',');

export const bytes = (bytes: number): string => formatBytes(bytes).replace('.', ',').replace('bytes', 'Byte');

export const commands: Texts['commands'] = {
  ...kindCommandWords(kinds),
  reroll: { name: 'neuwürfeln', description: 'macht aus demselben Foto einen Film mit neuem Seed' },
  cancel: { name: 'abbrechen', description: 'bricht einen deiner Filme ab' },
  queue: { name: 'warteschlange', description: 'zeigt, was gerade gerendert wird und was wartet' },
  mine: { name: 'meine', description: 'zeigt deine eigenen Filme' },
  ...contestCommands,
  forget: { name: 'vergessen', description: 'löscht alles von dir endgültig: Fotos, Filme, Namen' },
  help: {
    name: 'hilfe',
    description: 'wie es losgeht; mit „Optionen“ alle Optionen, mit „Wettbewerb“ Wettbewerbe',
  },
};

export const fields: Texts['fields'] = {
  size: {
    name: 'größe',
    description: 'Breite und Höhe in Pixeln; in der Form des Fotos dieselbe Fläche',
  },
  aspect: { name: 'form', description: 'Form: Quadrat oder wie das Foto' },
  quality: { name: 'qualität', description: 'wie viel Zeit das Rendern brauchen darf' },
  network: { name: 'netz', description: 'Netz, dessen Merkmale verglichen werden' },
  depth: { name: 'tiefe', description: 'wie erkennbar das Foto bleibt' },
  seed: {
    name: 'seed',
    description: 'Startwert für allen Zufall; derselbe Seed ergibt dasselbe Ergebnis',
  },
  maxBytes: { name: 'höchstgröße', description: 'Obergrenze für die Datei, etwa 10MB' },
  format: { name: 'format', description: 'Dateiformat' },
};

export const photoOption: Named = { name: 'foto', description: 'Foto, nach dem gemalt wird' };

export const renderOption: Named = {
  name: 'film',
  description: 'Kennung des Films, bei deinen reicht der Anfang; Standard: dein neuester passender',
};

export const topicOption: Named = {
  name: 'thema',
  description: 'wie es losgeht, alle Optionen oder Wettbewerbe',
};

const photos = (count: number): string => (count === 1 ? '1 Foto' : `${count} Fotos`);
const films = (count: number): string => (count === 1 ? '1 Film' : `${count} Filme`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, davon ${count} von anderen bestellt`);
const nothing =
  'Fotos oder Filme von dir gibt es hier nicht: Worte von dir und deine Kennung werden jetzt gelöscht.';
const afterwards = 'Nachrichten damit verschwinden gleich, oder sobald die Plattform mich lässt.';

export const erasure: Texts['erasure'] = {
  everythingQuestion: (count, forget = '/vergessen') =>
    `Das löscht alles von dir endgültig: ${photos(count.photos)} und ${films(count.renders)}${fromOthers(count.ofOthers)}, samt Nachrichten, ` +
    `und deine Kennung und deinen Namen. Was gerade entsteht oder wartet, wird abgebrochen. Bestätige mit dem Knopf oder mit ${forget} bestätigen:yes.`,
  everythingDone: (count) =>
    count.renders === 0
      ? nothing
      : `Endgültig gelöscht: ${photos(count.photos)} und ${films(count.renders)}. ${afterwards}`,
  photoQuestion: (count) =>
    `Das löscht dein Foto endgültig und alles, was daraus wurde: ${films(count.renders)}${fromOthers(count.ofOthers)}. Was daraus entsteht oder wartet, wird abgebrochen.`,
  photoDone: (count) => `Endgültig gelöscht: dein Foto und ${films(count.renders)}. ${afterwards}`,
  confirm: 'Endgültig löschen',
  option: { name: 'bestätigen', description: 'yes: alles sofort löschen; ohne das wirst du erst gefragt' },
};

export const choices: Texts['choices'] = {
  ...ofEveryKind(kinds, 'choices'),
  aspect: { square: 'Quadrat', photo: 'wie das Foto' },
  quality: { draft: 'Entwurf', standard: 'normal', fine: 'fein' },
  depth: { texture: 'Textur', style: 'Stil', scene: 'Szene' },
  format: { gif: 'gif', webp: 'webp', mp4: 'mp4', png: 'png' },
  topic: { start: 'Einstieg', options: 'Optionen', contest: 'Wettbewerb' },
  ...contestChoices,
};

export const qualities: Texts['qualities'] = {
  draft: 'gröber, in etwa der halben Zeit',
  standard: 'für die meisten Fotos das Richtige',
  fine: 'näher am Foto, in weniger als der doppelten Zeit',
};

export const depths: Texts['depths'] = {
  texture: 'seine Farben, Striche und kleinen Muster; am schnellsten',
  style: 'auch Kleines wie Augen, Fell und Blätter',
  scene: 'auch Großes wie Gesichter und Äste',
};

export const choiceName = (option: string, choice: string): string => choiceNameIn(choices, option, choice);
