import type { PressRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createOrderForm } from './open-form.ts';
import { decodeMetadata } from './order-metadata.ts';
import { valuesIn } from './order-values.ts';
import { isError } from './slack-errors.ts';

/** Shows every option in the form; what is filled in stays. */
export const createMoreOptions = (deps: HandlerDeps): Handler<PressRequest> => {
  const { tenants } = deps;
  const form = createOrderForm(deps);
  return async ({ body: { view }, delivery }) => {
    if (!view) return await delivery.refuse();
    const metadata = decodeMetadata(view.private_metadata);
    const whole = await form({ ...metadata, isWhole: true }, { values: valuesIn(view, metadata.kind) });
    const { once } = await tenants.clients(metadata.place.tenant);
    try {
      await once.views.update({
        view_id: view.id,
        view: whole,
        ...(view.hash !== undefined && { hash: view.hash }),
      });
    } catch (error) {
      // It was pressed twice, or the form is closed.
      if (!isError(error, 'hash_conflict', 'view_not_found', 'not_found')) throw error;
    }
    await delivery.refuse();
  };
};
