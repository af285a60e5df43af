import { GramzoomError } from '../src/domain/errors.ts';
import { type KindName, kindOf, kinds } from '../src/domain/kinds.ts';
import type { Command } from './command.ts';

/** Photo in, and out what a kind of render makes of it: `/gramzoom`, `/texture`. */
export const createRenderCommand = (kind: KindName): Command<'queued'> => {
  const { fields, parse } = kindOf({ kind });
  return {
    name: kinds[kind].command,
    isPrivate: false,
    fields,
    renderKind: kind,
    run: async (options, { renders, actor, attachment, photoOwner, replyTarget, event, answersFirst }) => {
      // Wrong options are worth more words than a missing photo, and both are free.
      parse(options);
      if (!attachment) throw new GramzoomError('photo-needed', {});
      const render = await renders.submit({
        origin: actor,
        options: { ...(options as object), kind },
        attachment,
        replyTarget,
        ...(photoOwner !== undefined && { photoOwner }),
        ...(event !== undefined && { event }),
        ...(answersFirst !== undefined && { answersFirst }),
      });
      return { kind: 'queued', render };
    },
  };
};
