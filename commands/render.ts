import { entryFields } from '../src/domain/contest/rules.ts';
import { GramzoomError } from '../src/domain/errors.ts';
import { type KindName, kindOf, kinds } from '../src/domain/kinds.ts';
import type { Command } from './command.ts';
import { contestActor } from './contest.ts';
import { readContestOption } from './contest-option.ts';

/** Photo in, and out what a kind of render makes of it: `/gramzoom`, `/texture`; entered into the contest if asked. */
export const createRenderCommand = (kind: KindName): Command<'queued'> => {
  const { fields, parse } = kindOf({ kind });
  return {
    name: kinds[kind].command,
    isPrivate: false,
    fields: [...fields, ...entryFields],
    renderKind: kind,
    run: async (options, context) => {
      const { renders, actor, attachment, photoOwner, replyTarget, event, answersFirst } = context;
      const { isEntered, request } = readContestOption(Object(options ?? {}) as object);
      // Wrong options are worth more words than a missing photo, and both are free.
      parse(request);
      if (!attachment) throw new GramzoomError('photo-needed', {});
      const asked = { ...request, kind };
      const by = contestActor(context);
      if (isEntered) await renders.contests.admit(asked, by);
      const render = await renders.submit({
        origin: actor,
        options: asked,
        attachment,
        replyTarget,
        ...(isEntered && { entrant: by }),
        ...(photoOwner !== undefined && { photoOwner }),
        ...(event !== undefined && { event }),
        ...(answersFirst !== undefined && { answersFirst }),
      });
      if (!isEntered) return { kind: 'queued', render };
      const entered = await renders.contests.enter(render.id, by);
      // Submitting has entered it already, of which whoever asked has heard nothing yet.
      return {
        kind: 'queued',
        render,
        entered: entered.kind === 'entered' ? { ...entered, isNew: true } : entered,
      };
    },
  };
};
