import type { ModalView } from '@slack/types';
import { withNetworks } from '../../../commands/command.ts';
import type { NetworkOffer } from '../../app/renders.ts';
import { contestFields } from '../../domain/contest/rules.ts';
import type { FieldRule } from '../../domain/request.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { type FormValues, optionBlock, plain } from './form-fields.ts';
import { encodePanelMetadata, type PanelMetadata } from './panel-view.ts';
import { asText } from './plain-text.ts';
import { slackWords } from './words.ts';

/** The callback id of the form in which a contest is started. */
export const contestFormId = 'gramzoom_contest';

const longestTitle = 24;

/** Slack has no roles, and does not tell since when somebody is there: what would ask for either is left out. */
const unknownHere: readonly string[] = ['memberDays', 'accountDays'];
export const contestFormFields: readonly FieldRule[] = contestFields.filter(
  ({ name, takes }) => takes !== 'role' && !unknownHere.includes(name),
);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * The form in which a contest is started, derived from its schema.
 * @param options.values what is filled in
 * @param options.problem what was wrong with what was typed
 */
export const contestForm = (
  metadata: PanelMetadata,
  {
    words,
    networks,
    values,
    problem = null,
  }: {
    readonly words: ChatWords;
    readonly networks: NetworkOffer;
    readonly values: FormValues;
    readonly problem?: string | null;
  },
): ModalView => {
  const { form } = slackWords(words);
  const fields = withNetworks(contestFormFields, networks);
  return {
    type: 'modal',
    callback_id: contestFormId,
    title: plain(capitalised(words.contestCommand.name), longestTitle),
    submit: plain(form.startContest, longestTitle),
    close: plain(form.close, longestTitle),
    private_metadata: encodePanelMetadata(metadata),
    blocks: [
      ...(problem === null
        ? []
        : [
            {
              type: 'section' as const,
              text: { type: 'mrkdwn' as const, text: asText(form.lookAgain(problem)), verbatim: true },
            },
          ]),
      ...fields.map((field) =>
        optionBlock(field, { words, owner: 'contest', networks, value: values[field.name] }),
      ),
    ],
  };
};
