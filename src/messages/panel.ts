/**
 * What one person sees and can do, in words: every platform shows panels in its own way, and knows nothing of what they
 * are about. Texts are plain: a platform escapes them as a whole.
 */
import type { MessageAttachment } from '../domain/message.ts';

export type PanelPicture = {
  readonly attachment: MessageAttachment;
  /** For those who do not see it. */
  readonly alt: string;
  /** A line under it. */
  readonly caption: string;
};

/** What is asked for before a button's step is taken. */
export type PanelText = {
  readonly title: string;
  readonly label: string;
  readonly mostLetters: number;
  readonly isRequired: boolean;
};

export type PanelControl =
  | {
      readonly kind: 'button';
      readonly label: string;
      readonly emoji: string | null;
      readonly look: 'primary' | 'secondary' | 'danger';
      /** See domain/contest/step.ts. */
      readonly step: string;
      readonly text?: PanelText;
    }
  /** A menu; choosing takes the step. */
  | {
      readonly kind: 'menu';
      readonly label: string;
      readonly options: readonly {
        readonly label: string;
        readonly step: string;
        readonly isChosen: boolean;
      }[];
    }
  /** Asks for a photo: it is rendered and entered. `options`: what all films of the contest must have, by field. */
  | {
      readonly kind: 'photo';
      readonly label: string;
      readonly options?: Readonly<Record<string, string | number>>;
    };

export type Panel = {
  readonly title: string;
  /** Paragraphs. */
  readonly lines: readonly string[];
  readonly pictures: readonly PanelPicture[];
  /** In rows; at most 5 rows of at most 5 buttons or one menu. */
  readonly controls: readonly (readonly PanelControl[])[];
};
