import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { JobView, Renders } from '../../app/renders.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { isFinished, type JobId } from '../../domain/job.ts';
import { toldFailure } from '../../domain/told.ts';
import { en } from '../../messages/en.ts';
import { asInForms } from '../../messages/page-words.ts';
import type { Blobs } from '../../ports/blobs.ts';
import { formatTypes } from '../shared/format-types.ts';
import { addresses } from './addresses.ts';
import { originOf } from './identity.ts';
import { createJsonContests } from './json-contests.ts';
import {
  type Form,
  formType,
  limitBody,
  maxTextBytes,
  parseForm,
  readOptions,
  readTexts,
} from './read-form.ts';
import { sendBlob } from './send-blob.ts';
import type { ShownAddress } from './shown-files.ts';
import type { Submissions } from './submissions.ts';
import type { Uploads } from './uploads.ts';

/** Ids say nothing; what cannot be one is as unknown as what is none. */
const idSchema = z
  .string()
  .regex(/^[\w-]{1,64}$/)
  .transform((id) => id as JobId);

/** The render that an address names. @throws GramzoomError `not-found` */
export const renderId = (text: string | undefined): JobId => {
  const id = idSchema.safeParse(text).data;
  if (id === undefined) throw new GramzoomError('not-found', {});
  return id;
};

const identityFields = ['user', 'server'];

const viewBody = (view: JobView) => ({
  id: view.id,
  state: view.state,
  position: view.position,
  etaSeconds: view.etaSeconds,
  kind: view.kind,
  progress: view.progress,
  // As the first versions said it.
  ...(view.progress.unit === 'frame' && { framesDone: view.progress.done, frames: view.progress.total }),
  seed: view.seed,
  network: view.network,
  depth: view.depth,
  quality: view.quality,
  width: view.sides?.width ?? null,
  height: view.sides?.height ?? null,
  parent: view.parent,
  ...(view.waitsForSpace && { waitsForRoom: true }),
  error: view.failure && {
    code: toldFailure(view.failure).code,
    message: en.errorSentence(view.failure, asInForms),
  },
});

/** Whether it is known who asks before the form is read; the form may still name somebody else. */
const isNamedInHeaders = (c: Context): boolean =>
  identityFields.every((name) => c.req.header(name) !== undefined);

/** Who asks may be said in a small form, which may be missing. */
const readIdentity = async (c: Context): Promise<Form['fields']> => {
  const fields: Form['fields'] =
    c.req.header('content-type') === undefined ? new Map() : await readTexts(c.req.raw);
  const unknown = [...fields.keys()].find((name) => !identityFields.includes(name));
  if (unknown !== undefined)
    throw new GramzoomError('body-invalid', { problem: 'only user and server are taken' });
  return fields;
};

/** The interface for programs: docs/interface.md. */
export const createJsonInterface = ({
  renders,
  submissions,
  uploads,
  blobs,
  addressOf,
  maxPhotoBytes,
}: {
  readonly renders: () => Renders;
  readonly submissions: Submissions;
  readonly uploads: Uploads;
  readonly blobs: Pick<Blobs, 'size' | 'stream'>;
  readonly addressOf: ShownAddress;
  readonly maxPhotoBytes: number;
}): Hono => {
  const api = new Hono();

  const viewOf = async (id: JobId): Promise<JobView> => {
    const view = await renders().view(id);
    if (!view) throw new GramzoomError('not-found', {});
    return view;
  };

  const acceptedReply = (c: Context, { id, position, etaSeconds }: JobView): Response => {
    c.header('Location', addresses.render(id));
    return c.json({ id, position, etaSeconds }, 202);
  };

  api.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });

  api.post('/renders', async (c) => {
    const { raw } = c.req;
    const type = formType(raw, { photoExpected: true });
    // Nothing is received of what would be refused.
    await renders().admit(isNamedInHeaders(c) ? originOf(c, new Map()) : null);
    const { render } = await uploads.receive(raw, {
      maxBytes: maxPhotoBytes + maxTextBytes,
      parse: (body) => parseForm(body, { type, maxPhotoBytes }),
      use: ({ fields, photo }) => {
        const options = readOptions(fields, { except: identityFields });
        return submissions.render(originOf(c, fields), { photo, options });
      },
    });
    return acceptedReply(c, render);
  });

  api.get('/renders/:id', async (c) => c.json(viewBody(await viewOf(renderId(c.req.param('id'))))));

  api.get('/renders/:id/result', async (c) => {
    const id = renderId(c.req.param('id'));
    const { blob, format } = await renders().film(id);
    const headers = {
      'Content-Type': formatTypes[format],
      'Content-Disposition': `attachment; filename="gramzoom-${id.slice(0, 8)}.${format}"`,
    };
    return sendBlob(c, blob, { blobs, headers });
  });

  api.post('/renders/:id/:action{reroll|larger}', limitBody(maxTextBytes), async (c) => {
    const origin = originOf(c, await readIdentity(c));
    const action = c.req.param('action') === 'reroll' ? 'reroll' : 'larger';
    return acceptedReply(c, await submissions.again(origin, action, renderId(c.req.param('id'))));
  });

  api.delete('/renders/:id', limitBody(maxTextBytes), async (c) => {
    const id = renderId(c.req.param('id'));
    const actor = originOf(c, await readIdentity(c));
    if (isFinished((await viewOf(id)).state)) {
      await renders().remove(id, { actor });
      return c.body(null, 204);
    }
    return c.json(viewBody(await renders().cancel(id, { actor })));
  });

  api.delete('/renders/:id/photo', limitBody(maxTextBytes), async (c) => {
    const photoOf = renderId(c.req.param('id'));
    return c.json(await renders().erase({ photoOf }, originOf(c, await readIdentity(c))));
  });

  api.delete('/mine', limitBody(maxTextBytes), async (c) =>
    c.json(await renders().erase('everything', originOf(c, await readIdentity(c)))),
  );

  api.route('/contests', createJsonContests({ renders, addressOf }));

  return api;
};
