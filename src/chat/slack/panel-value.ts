import { z } from 'zod';
import type { PanelControl } from '../../messages/panel.ts';

/** The action ids of what a panel offers, numbered within it, for whoever routes presses. */
export const anyPanelControl = /^gramzoom_panel:\d+$/;
export const panelActionId = (position: number): string => `gramzoom_panel:${position}`;

const textSchema = z.object({
  title: z.string(),
  label: z.string(),
  mostLetters: z.number().int().positive(),
  isRequired: z.boolean(),
});
const photoSchema = z.object({
  label: z.string(),
  /** Options that its film has to have. */
  options: z.record(z.string(), z.union([z.string(), z.number()])),
});

const valueSchema = z.union([
  z.object({ step: z.string(), text: textSchema.optional() }),
  z.object({ photo: photoSchema }),
]);

/** What a control of a panel does: all of it is in the control, so that it works for ever. */
export type PanelValue = Readonly<z.output<typeof valueSchema>>;

type Button = Exclude<PanelControl, { kind: 'menu' }>;

/** The value of a button: at most 2000 letters, as Slack takes them. */
export const buttonValue = (control: Button): string =>
  JSON.stringify(
    (control.kind === 'photo'
      ? { photo: { label: control.label, options: control.options ?? {} } }
      : { step: control.step, ...(control.text && { text: control.text }) }) satisfies PanelValue,
  );

/** The value of an entry of a menu, which no other has even where both do the same. */
export const choiceValue = (step: string, position: number): string => `${position}:${step}`;

/** Reads the value of a button or of a menu's entry; undefined where it is none of ours. */
export const readPanelValue = (text: string): PanelValue | undefined => {
  const [, step] = /^\d+:(.+)$/s.exec(text) ?? [];
  if (step !== undefined) return { step };
  try {
    return valueSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
