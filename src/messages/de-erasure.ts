import type { ErasureWords } from './erasure-words.ts';

const photos = (count: number): string => (count === 1 ? '1 Foto' : `${count} Fotos`);
const films = (count: number): string => (count === 1 ? '1 Film' : `${count} Filme`);
const fromOthers = (count: number): string => (count === 0 ? '' : `, davon ${count} von anderen bestellt`);
const nothing =
  'Fotos oder Filme von dir gibt es hier nicht: Worte von dir und deine Kennung werden jetzt gelöscht.';
const afterwards = 'Nachrichten damit verschwinden gleich, oder sobald die Plattform mich lässt.';

export const erasure: ErasureWords = {
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
