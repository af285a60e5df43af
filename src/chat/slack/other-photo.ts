import { GramzoomError } from '../../domain/errors.ts';
import type { JobId } from '../../domain/job.ts';
import { whereIs } from './buttons.ts';
import type { PressRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { PanelAnswer } from './panel-answers.ts';
import { chosenPhoto, photosAt, photosOf } from './photo-choice.ts';
import { attachmentOf } from './photos.ts';
import { encodePlace, originOf, placeIn } from './place.ts';
import { replyWith } from './reply-with.ts';

/** The menu of the other photos of a message: the one that is chosen begins another render, for whoever chooses it. */
export const createOtherPhoto = (deps: HandlerDeps): Handler<PressRequest> => {
  const { renders, people } = deps;
  return async ({ body, installation: { tenant }, team, delivery }) => {
    const chosen = chosenPhoto(body.actions[0].selected_option?.value ?? '');
    const where = whereIs(body);
    if (!chosen || !where) return await delivery.refuse();
    if (!(await delivery.accept())) return;
    const who = { tenant, team, user: body.user.id };
    const { locale } = await people.of(who);
    const place = placeIn({ ...who, locale }, where);
    const work = async (): Promise<PanelAnswer> => {
      const { options, replyTarget, photoOwner } = await renders.asked(chosen.subject.id as JobId);
      const all = photosOf(replyTarget);
      const photo = all[chosen.number - 1];
      if (!photo) throw new GramzoomError('not-found', {});
      await renders.submit({
        ...{ origin: originOf(place), options, attachment: attachmentOf(photo, tenant), photoOwner },
        replyTarget: encodePlace({ ...place, ...photosAt(all, chosen.number) }),
        ...{ event: `action:${delivery.id}`, answersFirst: true },
      });
      return { says: null };
    };
    await replyWith(deps, place, { work, responseUrl: body.response_url });
  };
};
