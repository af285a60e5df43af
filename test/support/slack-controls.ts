/** What people can use in blocks of Slack. */
import type { AnyBlock, StaticSelect } from '@slack/types';
import { elementsOf, type Json } from './block-kit.ts';

export type Control = { readonly label: string; readonly id: string; readonly value: string };
/** What a button or an entry of a menu says. */
export const labelOf = (text: unknown): string => String((text as Json | undefined)?.['text'] ?? '');

export const buttonsIn = (blocks: readonly AnyBlock[]): readonly Control[] =>
  blocks
    .flatMap(elementsOf)
    .flatMap(({ type, action_id: id, value, text }) =>
      type === 'button' ? [{ id: String(id), value: String(value), label: labelOf(text) }] : [],
    );
export const menusIn = (blocks: readonly AnyBlock[]) =>
  blocks
    .flatMap(elementsOf)
    .flatMap((element) => (element['type'] === 'static_select' ? [element as unknown as StaticSelect] : []));
const entriesIn = (blocks: readonly AnyBlock[]): readonly Control[] =>
  menusIn(blocks).flatMap(({ action_id: id = '', options = [] }) =>
    options.map(({ text, value = '' }) => ({ id, value, label: labelOf(text) })),
  );
/** Buttons, and entries of menus, as people see them. */
export const controlsIn = (blocks: readonly AnyBlock[]): readonly Control[] => [
  ...buttonsIn(blocks),
  ...entriesIn(blocks),
];
