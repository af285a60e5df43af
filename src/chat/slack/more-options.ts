import { within } from '../../concurrency/within.ts';
import type { PressRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createOrderForm } from './open-form.ts';
import { decodeMetadata } from './order-metadata.ts';
import { valuesIn } from './order-values.ts';
import { isError } from './slack-errors.ts';

/** After which the press is acknowledged, whether Slack has shown the options or not. */
const shownWithinMs = 1_500;

/** Shows every option in the form; what is filled in stays. */
export const createMoreOptions = (deps: HandlerDeps): Handler<PressRequest> => {
  const { tenants, clock } = deps;
  const form = createOrderForm(deps);

  const show = async (view: NonNullable<PressRequest['view']>): Promise<void> => {
    const metadata = decodeMetadata(view.private_metadata);
    const whole = await form({ ...metadata, isWhole: true }, { values: valuesIn(view, metadata.kind) });
    const { once } = await tenants.clients(metadata.place.tenant);
    const hash = view.hash === undefined ? {} : { hash: view.hash };
    try {
      await once.views.update({ view_id: view.id, view: whole, ...hash });
    } catch (error) {
      // It was pressed twice, or the form is closed.
      if (!isError(error, 'hash_conflict', 'view_not_found', 'not_found')) throw error;
    }
  };

  return async ({ body: { view }, delivery }) => {
    const showing = view ? show(view) : Promise.resolve();
    await within(showing, { clock, ms: shownWithinMs, otherwise: undefined });
    await delivery.refuse();
    await showing;
  };
};
