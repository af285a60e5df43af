import { formatBytes } from '../domain/bytes.ts';
import type { HelpTopic } from '../domain/command-name.ts';
import type { Depth } from '../domain/depth.ts';
import type { KindName } from '../domain/kinds.ts';
import { type Quality, qualities } from '../domain/request.ts';
import type { ChatWords } from './chat-words.ts';
import { createChoiceLines } from './command-words.ts';
import { kindCommandWords, kindWords, ofEveryKind } from './kinds.ts';
import { type Named, optionWords } from './names.ts';
import { createListed } from './phrases.ts';

const kinds = kindWords.de;

export const listed = createListed('oder');

/** `1,005`: options take digits without dots between them. */
export const decimal = (value: number): string => String(value).replace('.', ',');

export const bytesText = (bytes: number): string =>
  formatBytes(bytes).replace('.', ',').replace('bytes', 'Byte');

export const commands: ChatWords['commands'] = {
  ...kindCommandWords(kinds),
  reroll: { name: 'neuwürfeln', description: 'macht aus demselben Foto einen Film mit neuem Seed' },
  cancel: { name: 'abbrechen', description: 'bricht einen deiner Filme ab' },
  queue: { name: 'warteschlange', description: 'zeigt, was gerade gerendert wird und was wartet' },
  mine: { name: 'meine', description: 'zeigt deine eigenen Filme' },
  forget: { name: 'vergessen', description: 'löscht alles von dir endgültig: Fotos, Filme, Namen' },
  help: { name: 'hilfe', description: 'wie es losgeht; mit „Optionen“ alle Optionen' },
};

export const fields: ChatWords['fields'] = {
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

export const topicOption: Named = { name: 'thema', description: 'wie es losgeht, oder alle Optionen' };

const photos = (count: number): string => (count === 1 ? '1 Foto' : `${count} Fotos`);
const films = (count: number): string => (count === 1 ? '1 Film' : `${count} Filme`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, davon ${count} von anderen bestellt`);
const nothing =
  'Fotos oder Filme von dir gibt es hier nicht: Worte von dir und deine Kennung werden jetzt gelöscht.';
const afterwards = 'Nachrichten damit verschwinden gleich, oder sobald die Plattform mich lässt.';

export const erasure: ChatWords['erasure'] = {
  everythingQuestion: (count) =>
    `Das löscht alles von dir endgültig: ${photos(count.photos)} und ${films(count.renders)}${fromOthers(count.ofOthers)}, samt Nachrichten, ` +
    'und deine Kennung und deinen Namen. Was gerade entsteht oder wartet, wird abgebrochen. Bestätige mit dem Knopf oder mit /vergessen bestätigen:yes.',
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

export const optionOf = (name: string, kind?: KindName): Named =>
  optionWords({ kinds, fields, photoOption, renderOption, topicOption, erasure }, name, kind) ?? {
    name,
    description: '',
  };

const otherwiseByName: Readonly<Record<string, string>> = {
  ...ofEveryKind(kinds, 'otherwise'),
  seed: 'jedes Mal zufällig',
  maxBytes: 'keine Grenze',
};

export const otherwise: ChatWords['otherwise'] = ({ name, byQuality }) =>
  byQuality
    ? `${listed(qualities.map((quality) => String(byQuality[quality])))} je nach Qualität`
    : otherwiseByName[name];

const qualityLabels: Readonly<Record<Quality, string>> = {
  draft: 'Entwurf',
  standard: 'normal',
  fine: 'fein',
};
const depthLabels: Readonly<Record<Depth, string>> = { texture: 'Textur', style: 'Stil', scene: 'Szene' };
const topicLabels: Readonly<Record<HelpTopic, string>> = { start: 'Einstieg', options: 'Optionen' };

export const choices: ChatWords['choices'] = {
  ...ofEveryKind(kinds, 'choices'),
  aspect: { square: 'Quadrat', photo: 'wie das Foto' },
  quality: qualityLabels,
  depth: depthLabels,
  format: { gif: 'gif', webp: 'webp', mp4: 'mp4', png: 'png' },
  topic: topicLabels,
};

/** A choice as the menu calls it; names of networks are what they are. */
export const choiceName = (option: string, choice: string): string => {
  return (Object.hasOwn(choices, option) && choices[option]?.[choice]) || choice;
};

export const qualitySentences: ChatWords['qualities'] = {
  draft: 'gröber, in weniger als der halben Zeit',
  standard: 'für die meisten Fotos das Richtige',
  fine: 'näher am Foto, in fast der doppelten Zeit',
};

export const depthSentences: ChatWords['depths'] = {
  texture: 'seine Farben, Striche und kleinen Muster; am schnellsten',
  style: 'auch Kleines wie Augen, Fell und Blätter',
  scene: 'auch Großes wie Gesichter und Äste; am langsamsten',
};

export const choiceLines = createChoiceLines({
  ...{ qualityLabels, qualitySentences, depthLabels, depthSentences },
  offeredBy: (networks) => `mit ${listed(networks)}`,
});
