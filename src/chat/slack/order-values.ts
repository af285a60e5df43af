import { GramzoomError } from '../../domain/errors.ts';
import type { KindName } from '../../domain/kinds.ts';
import { type FieldRule, rawValue } from '../../domain/request.ts';
import type { FieldState, SlackFile, ViewState } from './events.ts';
import { type FormValues, optionBlockId } from './form-fields.ts';
import { fieldsOfOrder, photoField } from './order-form.ts';
import type { OrderMetadata } from './order-metadata.ts';
import { isPhoto, notAPhoto, photosIn } from './photos.ts';
import type { SlackPhoto } from './place.ts';

const fieldIn = ({ state }: ViewState, block: string, action: string): FieldState | undefined =>
  state.values[block]?.[action];

const textIn = ({ value, selected_option: chosen, selected_date_time: seconds }: FieldState): string =>
  (chosen?.value ?? value ?? seconds?.toString() ?? '').trim();

/** Some people's keyboards have a comma. */
const asNumber = ({ kind }: FieldRule, text: string): string =>
  kind === 'number' ? text.replace(',', '.') : text;

/** The options that are filled in, as the schema takes them. */
export const valuesOf = (view: ViewState, fields: readonly FieldRule[]): FormValues =>
  Object.fromEntries(
    fields.flatMap((rule) => {
      const field = fieldIn(view, optionBlockId(rule.name), rule.name);
      const text = field ? textIn(field) : '';
      return text === '' ? [] : [[rule.name, rawValue(rule, asNumber(rule, text))]];
    }),
  );

/** Those of a render. */
export const valuesIn = (view: ViewState, kind: KindName): FormValues => valuesOf(view, fieldsOfOrder(kind));

/** @throws GramzoomError `photo-empty`, `photo-too-many-bytes`, `photo-needed` where there is none */
const checkedPhoto = (
  photo: SlackPhoto | undefined,
  { file, maxBytes }: { readonly file: SlackFile | undefined; readonly maxBytes: number },
): SlackPhoto => {
  if (!photo) throw new GramzoomError('photo-needed', {});
  if (file?.size === 0) throw new GramzoomError('photo-empty', {});
  const { bytes } = photo;
  if (bytes > maxBytes) throw new GramzoomError('photo-too-many-bytes', { bytes, maxBytes });
  return photo;
};

/**
 * The photo that was added to a form's field.
 * @throws GramzoomError `photo-needed`, `photo-format`, `photo-empty`, `photo-too-many-bytes`
 */
export const photoOfField = (
  field: FieldState | undefined,
  { maxBytes }: { readonly maxBytes: number },
): SlackPhoto => {
  const [file] = field?.files ?? [];
  if (file && !isPhoto(file)) throw notAPhoto(file);
  return checkedPhoto(photosIn(file ? [file] : [])[0], { file, maxBytes });
};

/** The photo that was added to a form, or chosen in it. @throws GramzoomError as `photoOfField` */
export const photoIn = (
  view: ViewState,
  { message }: Pick<OrderMetadata, 'message'>,
  { maxBytes }: { readonly maxBytes: number },
): SlackPhoto => {
  const field = fieldIn(view, photoField, photoField);
  if (!message) return photoOfField(field, { maxBytes });
  const chosen = field?.selected_option?.value;
  const photo = message.photos.find(({ id }) => id === chosen) ?? message.photos[0];
  return checkedPhoto(photo, { file: undefined, maxBytes });
};
