import type { ViewOutput } from '@slack/bolt';
import type { AnyBlock } from '@slack/types';
import { elementsOf } from './block-rules.ts';
import { app, type OpenView } from './state.ts';

type Element = ReturnType<typeof elementsOf>[number];

const optionOf = (element: Element, value: unknown): unknown => {
  const groups = (element['option_groups'] ?? []) as readonly { readonly options: readonly unknown[] }[];
  const options = [
    ...((element['options'] ?? []) as readonly unknown[]),
    ...groups.flatMap(({ options }) => options),
  ];
  const found = options.find((option) => (option as { readonly value: unknown }).value === value);
  if (!found) throw new Error(`no option ${value} of ${element['action_id']}`);
  return found;
};

/** What a filled in element is in a view's state. */
export const filledIn = (element: Element, value: unknown): object => {
  const type = element['type'];
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: value === null ? null : optionOf(element, value) };
    case 'multi_static_select':
    case 'checkboxes':
      return { type, selected_options: (value as readonly unknown[]).map((one) => optionOf(element, one)) };
    case 'file_input':
      return { type, files: value };
    default:
      return { type, value };
  }
};

const initialOf = (element: Element): object | null => {
  const { type, initial_option, initial_options, initial_value } = element as Record<string, unknown>;
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: initial_option ?? null };
    case 'multi_static_select':
    case 'checkboxes':
      return { type, selected_options: initial_options ?? [] };
    case 'file_input':
      return { type, files: [] };
    case 'plain_text_input':
    case 'number_input':
      return { type, value: initial_value ?? null };
    default:
      return null;
  }
};

/** What stands in a view before anybody fills it in. */
export const initialValues = (blocks: readonly AnyBlock[]): OpenView['values'] => {
  const values: OpenView['values'] = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const initial = initialOf(element);
      const [id, action] = [block.block_id ?? '', String(element['action_id'])];
      if (initial) values[id] = { ...values[id], [action]: initial };
    }
  }
  return values;
};

/** A view as interactions show it. */
export const viewPayload = ({ view, ...open }: OpenView): ViewOutput => {
  const modal = view.type === 'modal' ? view : null;
  return {
    ...{ id: open.id, team_id: open.team, app_id: app.id, app_installed_team_id: open.installation.tenant },
    ...{
      bot_id: open.installation.bot,
      type: view.type,
      callback_id: view.callback_id ?? '',
      hash: open.hash,
    },
    ...{
      title: modal?.title ?? { type: 'plain_text', text: '' },
      close: modal?.close ?? null,
      submit: modal?.submit ?? null,
    },
    ...{ blocks: view.blocks as ViewOutput['blocks'], private_metadata: view.private_metadata ?? '' },
    state: { values: open.values as ViewOutput['state']['values'] },
    ...{ root_view_id: open.root, previous_view_id: open.previous, external_id: view.external_id ?? '' },
    ...{ clear_on_close: modal?.clear_on_close ?? false, notify_on_close: modal?.notify_on_close ?? false },
  };
};
