import { GramzoomError } from '../src/domain/errors.ts';
import { zoom } from '../src/domain/kinds/zoom.ts';
import { parseRequest, type RenderOptions, type RequestField } from '../src/domain/kinds.ts';
import type { FieldRule } from '../src/domain/request.ts';
import type { Command } from './command.ts';

/** What the command line derives its own `render` from. */
type CommandLinePart = {
  readonly fields: readonly FieldRule[];
  /** The fields that it offers as flags; what is missing follows from other arguments. */
  readonly flags: readonly RequestField[];
  /**
   * Checks raw values by field and fills in the defaults.
   * @throws GramzoomError `request-field`
   */
  readonly parse: (input: unknown) => RenderOptions;
};

/** Photo in, looping zoom out. */
export const gramzoom: Command<'queued'> & CommandLinePart = {
  name: 'gramzoom',
  fields: zoom.fields,
  // On the command line the output's extension says the format.
  flags: (Object.keys(zoom.schema.shape) as RequestField[]).filter((name) => name !== 'format'),
  takesPhoto: true,
  parse: parseRequest,
  run: async (options, { renders, actor, attachment, photoOwner, replyTarget, event, answersFirst }) => {
    // Wrong options are worth more words than a missing photo, and both are free.
    parseRequest(options);
    if (!attachment) throw new GramzoomError('photo-needed', {});
    const render = await renders.submit({
      origin: actor,
      options,
      attachment,
      replyTarget,
      ...(photoOwner !== undefined && { photoOwner }),
      ...(event !== undefined && { event }),
      ...(answersFirst !== undefined && { answersFirst }),
    });
    return { kind: 'queued', render };
  },
};
