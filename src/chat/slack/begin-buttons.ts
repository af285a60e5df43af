import { kindNames } from '../../domain/kinds.ts';
import type { PressRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { beginId } from './names.ts';
import { createOrderForm, localeWithinMs, openView } from './open-form.ts';
import { placeIn } from './place.ts';

/** The buttons in the App Home that open the form; what is asked for there is answered in the conversation with the bot. */
export const createBeginButtons = (deps: HandlerDeps): Handler<PressRequest> => {
  const { people } = deps;
  const form = createOrderForm(deps);

  return async ({ body, installation: { tenant }, team, delivery }) => {
    const [{ action_id: id, value: channel }] = body.actions;
    const kind = kindNames.find((name) => id === beginId(name));
    if (kind === undefined || channel === undefined) return;
    const user = body.user.id;
    const { locale } = await people.of({ tenant, team, user }, { withinMs: localeWithinMs });
    const place = placeIn({ tenant, team, user, locale }, { channel });
    const view = await form({ place, kind, isWhole: false, message: null }, { values: {} });
    await openView(deps, view, { place, triggerId: body.trigger_id, responseUrl: undefined, delivery });
  };
};
