import { MessageFlags } from 'discord.js';
import { commands } from '../../../commands/index.ts';
import type { ContestActor } from '../../app/contests.ts';
import type { ContestStep } from '../../domain/contest/step.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { defaultKind, kinds } from '../../domain/kinds.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Outcome } from './answers.ts';
import { encodeAttachment } from './attachment-ref.ts';
import { requireAllowed } from './button-rules.ts';
import { panelOf } from './contest-panel.ts';
import type { ButtonEvent, FormEvent } from './events.ts';
import type { HandlerDeps } from './handler-deps.ts';
import {
  type InteractionContext,
  readInteractionContext,
  requirePermissions,
} from './interaction-context.ts';
import type { ShownPanel } from './panel-answers.ts';
import { formAnswer, panelForm } from './panel-forms.ts';
import { decodePanelId, type PanelPress, type PhotoOptions } from './panel-id.ts';
import { fileOf } from './pictures.ts';
import { encodeReplyContext } from './reply-context.ts';

/** Who acts in a contest. What follows for everybody to see is no answer to what was pressed. */
export const contestActor = ({ place, actor, person }: InteractionContext): ContestActor => ({
  ...actor,
  person,
  replyTarget: encodeReplyContext({ ...place, interaction: place.isGuest ? place.interaction : null }),
});

/** The message that changes: the panel whose control was used. */
const withinOf = ({ message }: ButtonEvent | FormEvent): ShownPanel | null =>
  message && (message.flags & MessageFlags.Ephemeral) !== 0 ? message : null;

/** Controls of panels, and the forms that they open. */
export const createPanelPresses = (deps: HandlerDeps) => {
  const { renders, servers, answers, hosts } = deps;

  const take = async (
    event: ButtonEvent | FormEvent,
    step: ContestStep,
    given: { readonly text?: string } = {},
  ): Promise<Outcome> => {
    const by = contestActor(readInteractionContext(event, servers));
    const view = await renders().contests.take(step, { ...by, ...given });
    return { panel: panelOf(view, wordsFor(event.locale)) };
  };

  /** A photo is made into a film, which is entered. */
  const takePhoto = async (event: FormEvent, options: PhotoOptions): Promise<Outcome> => {
    const asked = readInteractionContext(event, servers);
    const { place, where, actor, person } = asked;
    requirePermissions(where);
    await requireAllowed(deps, event, { ...asked, kind: defaultKind });
    const [id = ''] = formAnswer(event).files;
    const attached = event.data.resolved.attachments[id];
    const photo = attached && fileOf(attached, hosts);
    if (!photo) throw new GramzoomError('photo-not-sent', {});
    const answer = await commands[kinds[defaultKind].command].run(
      { ...options, contest: 'on' },
      {
        ...{ renders: renders(), ...actor, person, attachment: encodeAttachment(photo) },
        replyTarget: encodeReplyContext({ ...place, isSpoiler: photo.isSpoiler }),
        event: `interaction:${event.id}`,
        answersFirst: true,
      },
    );
    return answer.entered ? { panel: panelOf(answer.entered, wordsFor(event.locale)), isBeside: true } : null;
  };

  const answer = async (
    event: ButtonEvent | FormEvent,
    work: () => Promise<Outcome>,
    { defers }: { readonly defers: 'late' | 'never' },
  ): Promise<void> => {
    const words = wordsFor(event.locale);
    await answers.replyEphemeral(event, { words, defers, work, within: withinOf(event) });
  };

  const unknown = async (): Promise<Outcome> => {
    throw new GramzoomError('not-found', {});
  };

  const sentWith = (event: FormEvent, press: PanelPress | undefined): (() => Promise<Outcome>) => {
    switch (press?.kind) {
      case 'text':
        return () => take(event, press.step, { text: formAnswer(event).text });
      case 'photo':
        return () => takePhoto(event, press.options);
      default:
        return unknown;
    }
  };

  return {
    /** A button, or a choice from a menu. */
    pressed: async (event: ButtonEvent): Promise<void> => {
      const { custom_id: id, values } = event.data;
      const press = decodePanelId(id, values);
      if (press?.kind === 'text' || press?.kind === 'photo') {
        await answers.showForm(event, panelForm(event, { press, words: wordsFor(event.locale) }));
        return;
      }
      await answer(event, press ? () => take(event, press.step) : unknown, { defers: 'late' });
    },
    /** A form that one of them opened. */
    sent: async (event: FormEvent): Promise<void> => {
      const press = decodePanelId(event.data.custom_id);
      // A render answers for everybody to see.
      const defers = press?.kind === 'photo' ? 'never' : 'late';
      await answer(event, sentWith(event, press), { defers });
    },
  };
};
