import { GramzoomError } from '../../domain/errors.ts';
import type { AttachmentRef } from '../../domain/job.ts';
import { encodeAttachment } from './attachment-ref.ts';
import type { SlackFile } from './events.ts';
import type { SlackPhoto } from './place.ts';

/** Pictures that are drawn anew at every size: nothing here reads them. */
const drawings: readonly string[] = ['image/svg+xml', 'image/vnd.adobe.photoshop'];

/** Whether a file may be a photo: what Slack has not told of yet may be one. */
export const isPhoto = ({ mimetype }: Pick<SlackFile, 'mimetype'>): boolean =>
  mimetype === undefined || (mimetype.startsWith('image/') && !drawings.includes(mimetype));

/** What is wrong with a file that is no photo. */
export const notAPhoto = ({ filetype }: Pick<SlackFile, 'filetype'>): GramzoomError =>
  new GramzoomError('photo-format', { found: filetype ?? null });

const photoOf = ({ id, name, size, url_private, file_access }: SlackFile): SlackPhoto => ({
  id,
  name: name ?? 'photo',
  bytes: size ?? 0,
  // Of what another workspace shares there is no address until it is asked for.
  url: file_access === 'check_file_info' ? null : (url_private ?? null),
});

/** The photos among the files of a message. */
export const photosIn = (files: readonly SlackFile[]): readonly SlackPhoto[] =>
  files.filter(isPhoto).map(photoOf);

/** A photo as a use case takes it. @param tenant whose token opens it */
export const attachmentOf = ({ id, name, bytes, url }: SlackPhoto, tenant: string): AttachmentRef =>
  encodeAttachment({ tenant, file: id, url, bytes, name });
