import { GramzoomError } from '../../domain/errors.ts';
import { type KindName, kinds } from '../../domain/kinds.ts';
import { type FieldRule, rawValue } from '../../domain/request.ts';
import type { FieldState, ViewState } from './events.ts';
import { type FormValues, optionBlockId, photoField } from './order-form.ts';
import type { OrderMetadata } from './order-metadata.ts';
import { isPhoto, notAPhoto, photosIn } from './photos.ts';
import type { SlackPhoto } from './place.ts';

const fieldIn = ({ state }: ViewState, block: string, action: string): FieldState | undefined =>
  state.values[block]?.[action];

const textIn = ({ value, selected_option: chosen }: FieldState): string =>
  (chosen?.value ?? value ?? '').trim();

/** Some people's keyboards have a comma. */
const asNumber = ({ kind }: FieldRule, text: string): string =>
  kind === 'number' ? text.replace(',', '.') : text;

/** The options that are filled in, as the schema of the kind takes them. */
export const valuesIn = (view: ViewState, kind: KindName): FormValues =>
  Object.fromEntries(
    (kinds[kind].fields as readonly FieldRule[]).flatMap((rule) => {
      const field = fieldIn(view, optionBlockId(rule.name), rule.name);
      const text = field ? textIn(field) : '';
      return text === '' ? [] : [[rule.name, rawValue(rule, asNumber(rule, text))]];
    }),
  );

/**
 * The photo that was added to a form, or chosen in it.
 * @throws GramzoomError `photo-needed`, `photo-format`, `photo-empty`, `photo-too-many-bytes`
 */
export const photoIn = (
  view: ViewState,
  { message }: Pick<OrderMetadata, 'message'>,
  { maxBytes }: { readonly maxBytes: number },
): SlackPhoto => {
  const field = fieldIn(view, photoField, photoField);
  const [file] = field?.files ?? [];
  if (file && !isPhoto(file)) throw notAPhoto(file);
  const chosen = field?.selected_option?.value;
  const photos = message?.photos ?? photosIn(file ? [file] : []);
  const photo = photos.find(({ id }) => id === chosen) ?? photos[0];
  if (!photo) throw new GramzoomError('photo-needed', {});
  if (file?.size === 0) throw new GramzoomError('photo-empty', {});
  const { bytes } = photo;
  if (bytes > maxBytes) throw new GramzoomError('photo-too-many-bytes', { bytes, maxBytes });
  return photo;
};
