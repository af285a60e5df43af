/** What each kind of render is called, in every language: a new kind adds its words here and nowhere else. */
import type { KindCommand } from '../domain/command-name.ts';
import { defaultKind, type KindName, kindNames, kinds } from '../domain/kinds.ts';
import type { Progress } from '../domain/progress.ts';
import { chatName, type Named } from './names.ts';

export type Choices = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type KindWords = {
  /** What is offered where one chooses between the kinds: `Endless zoom`. */
  readonly label: string;
  /** Its command in a chat. */
  readonly command: Named;
  /** The options that it does not share with every kind, or that mean something of their own to it. */
  readonly fields: Readonly<Record<string, Named>>;
  /** The choices of these options, as they are called in a menu. */
  readonly choices: Choices;
  /** What happens without an option that has no default of its own. */
  readonly otherwise: Readonly<Record<string, string>>;
  /** Alternative texts; `about` is the photo's name. */
  readonly alt: (about: string) => string;
  readonly pictureAlt: (about: string, progress: Progress) => string;
  /** Before the first unit of progress is done, and then: `frame 3 of 48`. */
  readonly begins: string;
  readonly takesShape: string;
  readonly step: (progress: Progress) => string;
  readonly ready: string;
  readonly copy: string;
  readonly expired: string;
  /** The disk is full, and it is finished, or is not. */
  readonly readyWithoutSpace: string;
  readonly waitsForSpace: string;
};

/** The schemas speak English, as does the command line's help. */
export const englishFields = (kind: KindName): KindWords['fields'] =>
  Object.fromEntries(
    kinds[kind].fields.map(({ name, description }) => [name, { name: chatName(name), description }]),
  );

/** By language (BCP 47), then by kind. */
export const kindWords = {
  en: {
    zoom: {
      label: 'Endless zoom',
      command: { name: 'gramzoom', description: 'turn a photo into an endless zoom' },
      fields: englishFields('zoom'),
      choices: { direction: { in: 'in', out: 'out' } },
      otherwise: { duration: 'frames / fps' },
      alt: (about) => `Endless zoom: ${about}`,
      pictureAlt: (about, { done, total }) =>
        done === 0
          ? `The first frame of a zoom into ${about}, taking shape`
          : `Frame ${done} of ${total} of a zoom into ${about}`,
      begins: 'painting the first frame',
      takesShape: 'The first frame is taking shape.',
      step: ({ done, total }) => `frame ${done} of ${total}`,
      ready: 'The film is ready.',
      copy: 'Here is your film.',
      expired: 'The film is no longer stored: re-roll it, or send the photo again.',
      readyWithoutSpace:
        'The film is finished, but the disk is full: it will be posted as soon as there is space.',
      waitsForSpace: 'The disk is full: the film will wait for space.',
    },
    texture: {
      label: 'Texture',
      command: { name: 'texture', description: 'turn a photo into a texture: one still picture' },
      fields: englishFields('texture'),
      choices: {},
      otherwise: {},
      alt: (about) => `Texture: ${about}`,
      pictureAlt: (about, { done, total }) =>
        done === 0
          ? `A texture of ${about}, taking shape`
          : `A texture of ${about}, size ${done} of ${total} on the way`,
      begins: 'painting the smallest size',
      takesShape: 'The texture is taking shape.',
      step: ({ done, total }) => `size ${done} of ${total}`,
      ready: 'The texture is ready.',
      copy: 'Here is your texture.',
      expired: 'The texture is no longer stored: re-roll it, or send the photo again.',
      readyWithoutSpace:
        'The texture is finished, but the disk is full: it will be posted as soon as there is space.',
      waitsForSpace: 'The disk is full: the texture will wait for space.',
    },
  },
  de: {
    zoom: {
      label: 'Endloser Zoom',
      command: { name: 'gramzoom', description: 'macht aus einem Foto einen endlosen Zoom' },
      fields: {
        frames: { name: 'bilder', description: 'Bilder in der Schleife' },
        duration: { name: 'dauer', description: 'Länge der Schleife in Sekunden, statt der Zahl der Bilder' },
        fps: { name: 'bildrate', description: 'Bilder pro Sekunde, gerundet auf 100/n' },
        zoom: { name: 'zoom', description: 'Vergrößerung von einem Bild zum nächsten' },
        direction: { name: 'richtung', description: 'ob der Film hinein- oder hinauszoomt' },
        steps: { name: 'schritte', description: 'Optimierungsschritte pro Bild' },
      },
      choices: { direction: { in: 'hinein', out: 'hinaus' } },
      otherwise: { duration: 'bilder / bildrate' },
      alt: (about) => `Endloser Zoom: ${about}`,
      pictureAlt: (about, { done, total }) =>
        done === 0
          ? `Das erste Bild eines Zooms in ${about}, wie es gerade entsteht`
          : `Bild ${done} von ${total} eines Zooms in ${about}`,
      begins: 'Das erste Bild entsteht',
      takesShape: 'Das erste Bild nimmt Gestalt an.',
      step: ({ done, total }) => `Bild ${done} von ${total}`,
      ready: 'Der Film ist fertig.',
      copy: 'Hier ist dein Film.',
      expired: 'Der Film ist nicht mehr gespeichert: Würfle ihn neu, oder schick das Foto noch einmal.',
      readyWithoutSpace:
        'Der Film ist fertig, aber die Festplatte ist voll: Er kommt, sobald wieder Platz ist.',
      waitsForSpace: 'Die Festplatte ist voll: Der Film wartet dann auf Platz.',
    },
    texture: {
      label: 'Textur',
      command: { name: 'textur', description: 'macht aus einem Foto eine Textur: ein einzelnes Bild' },
      fields: {
        steps: { name: 'schritte', description: 'Optimierungsschritte bei jeder Größe auf dem Weg' },
      },
      choices: {},
      otherwise: {},
      alt: (about) => `Textur: ${about}`,
      pictureAlt: (about, { done, total }) =>
        done === 0
          ? `Eine Textur aus ${about}, wie sie gerade entsteht`
          : `Eine Textur aus ${about}, Größe ${done} von ${total} auf dem Weg`,
      begins: 'Die kleinste Größe entsteht',
      takesShape: 'Die Textur nimmt Gestalt an.',
      step: ({ done, total }) => `Größe ${done} von ${total}`,
      ready: 'Die Textur ist fertig.',
      copy: 'Hier ist deine Textur.',
      expired: 'Die Textur ist nicht mehr gespeichert: Würfle sie neu, oder schick das Foto noch einmal.',
      readyWithoutSpace:
        'Die Textur ist fertig und kommt, sobald auf der vollen Festplatte wieder Platz ist.',
      waitsForSpace: 'Die Festplatte ist voll: Die Textur wartet dann auf Platz.',
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<KindName, KindWords>>>>;

/** The words of the commands that take a photo, by their names. */
export const kindCommandWords = (
  words: Readonly<Record<KindName, KindWords>>,
): Readonly<Record<KindCommand, Named>> =>
  Object.fromEntries(kindNames.map((kind) => [kinds[kind].command, words[kind].command])) as Record<
    KindCommand,
    Named
  >;

/** The name of a kind where it is not the usual one: in lists only that has to be said. */
export const otherKind = (words: Readonly<Record<KindName, KindWords>>, kind: KindName): readonly string[] =>
  kind === defaultKind ? [] : [words[kind].label];

/** The commands of all kinds but the usual one. */
export const otherCommands = (words: Readonly<Record<KindName, KindWords>>): readonly string[] =>
  kindNames.filter((kind) => kind !== defaultKind).map((kind) => words[kind].command.name);

/** What every kind has of its own, together. */
export const ofEveryKind = <Part extends 'fields' | 'choices' | 'otherwise'>(
  words: Readonly<Record<KindName, KindWords>>,
  part: Part,
): KindWords[Part] => Object.assign({}, ...kindNames.map((kind) => words[kind][part]));
