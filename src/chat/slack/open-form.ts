import type { ModalView } from '@slack/types';
import { within } from '../../concurrency/within.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Delivery } from './delivery.ts';
import type { FormValues } from './form-fields.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { fieldsShown, orderForm } from './order-form.ts';
import type { OrderMetadata } from './order-metadata.ts';
import type { SlackPlace } from './place.ts';
import { slackWords } from './words.ts';

/** Slack takes no larger files in forms. */
export const mostFormBytes = 10_000_000;

/**
 * The language of whoever waits for a form: the key that opens it is good for 3 s at most, and often for less.
 */
export const localeWithinMs = 700;
/** After which it is acknowledged that somebody waits for a form, whether it is open or not. */
const openedWithinMs = 1_500;

/** Who waits for a form, and with what key. */
export type FormRequest = {
  readonly place: SlackPlace;
  readonly triggerId: string;
  readonly responseUrl: string | undefined;
  readonly delivery: Delivery;
  /** Whether there is a form already, which it is put on top of. */
  readonly isOnTop?: boolean;
};

/**
 * Opens a form and acknowledges that, which does not wait for a slow Slack; where it does not open the form whoever
 * asked is told.
 */
export const openView = async (
  { tenants, answers, clock, log }: Pick<HandlerDeps, 'tenants' | 'answers' | 'clock' | 'log'>,
  view: ModalView,
  { place, triggerId, responseUrl, delivery, isOnTop = false }: FormRequest,
): Promise<void> => {
  const open = async (): Promise<boolean> => {
    try {
      const { once } = await tenants.clients(place.tenant);
      await once.views[isOnTop ? 'push' : 'open']({ trigger_id: triggerId, view });
      return true;
    } catch (error) {
      log.warn('slack: failed to open a form', { error });
      return false;
    }
  };
  const opening = open();
  await within(opening, { clock, ms: openedWithinMs, otherwise: false });
  await delivery.refuse();
  if (await opening) return;
  await answers.replyEphemeral(place, slackWords(wordsFor(place.locale)).form.notOpened, { responseUrl });
};

/**
 * The form for a render, with what is known already filled in; every option is shown where one of those is filled in
 * that are not common.
 * @throws GramzoomError `network-unknown`
 */
export const createOrderForm =
  ({ renders, maxPhotoBytes }: Pick<HandlerDeps, 'renders' | 'maxPhotoBytes'>) =>
  async (metadata: OrderMetadata, { values }: { readonly values: FormValues }): Promise<ModalView> => {
    const networks = await renders.networks();
    const known = networks.all.map(({ name }) => name);
    const { network = networks.standard } = values;
    if (!known.some((name) => name === network))
      throw new GramzoomError('network-unknown', { name: String(network), known });
    const shown = fieldsShown(metadata).map(({ name }) => name);
    const isWhole = metadata.isWhole || !Object.keys(values).every((name) => shown.includes(name));
    return orderForm(
      { ...metadata, isWhole },
      {
        words: wordsFor(metadata.place.locale),
        networks,
        maxFileBytes: Math.min(mostFormBytes, maxPhotoBytes),
        maxWork: renders.maxWork,
        values,
      },
    );
  };

export type OrderForm = ReturnType<typeof createOrderForm>;
