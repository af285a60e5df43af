import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { GramzoomError } from '../../domain/errors.ts';
import { allFields } from '../../domain/kinds.ts';
import type { FieldRule } from '../../domain/request.ts';
import { fileName } from './names.ts';

/** What a form said: its texts by field, and the photo if there was one. */
export type Form = {
  readonly fields: ReadonlyMap<string, string>;
  readonly photo: { readonly bytes: Uint8Array; readonly name: string } | null;
};

/** Room in a body for everything but the photo. */
export const maxTextBytes = 64 * 1024;

const maxParts = 64;
const maxFieldCharacters = 4000;

const multipartType = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;
const urlencodedType = /^application\/x-www-form-urlencoded\b/i;

/** Refuses larger bodies, by what they declare or once that much has come. @throws GramzoomError `body-too-large` */
export const limitBody = (maxBytes: number): MiddlewareHandler =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new GramzoomError('body-too-large', { maxBytes });
    },
  });

const invalid = (problem: string, cause?: unknown): GramzoomError =>
  new GramzoomError('body-invalid', { problem }, { cause });

const countOf = (bytes: Buffer, text: string): number => {
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) count += 1;
  return count;
};

/** Parsing takes time with the number of parts: a body full of them is refused before. */
const checkParts = (body: Uint8Array, type: string): void => {
  const boundary = multipartType.exec(type);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts = boundary ? countOf(bytes, `--${boundary[1] ?? boundary[2]}`) : countOf(bytes, '&');
  if (parts > maxParts) throw invalid('it has too many fields');
};

const parse = async (body: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> => {
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    throw invalid('it is no complete form', cause);
  }
};

/**
 * What kind of form a request has, from its header alone.
 * @throws GramzoomError `media-type`
 */
export const formType = (
  { headers }: Request,
  { photoExpected }: { readonly photoExpected: boolean },
): string => {
  const type = headers.get('content-type') ?? '';
  const known = multipartType.test(type) || (!photoExpected && urlencodedType.test(type));
  if (known) return type;
  throw new GramzoomError('media-type', { expected: 'a form (multipart/form-data)', received: type });
};

/**
 * Reads a form of texts.
 * @param request its body is limited already
 * @throws GramzoomError `media-type`, `body-invalid`
 */
export const readTexts = async (request: Request): Promise<Form['fields']> => {
  const type = formType(request, { photoExpected: false });
  const body = new Uint8Array(await request.arrayBuffer());
  return (await parseForm(body, { type, maxPhotoBytes: 0 })).fields;
};

/**
 * Reads a form: `photo` is a file, everything else a text that is given once.
 * @param options.type what `formType` gave
 * @throws GramzoomError `body-invalid`, `photo-too-many-bytes`
 */
export const parseForm = async (
  body: Uint8Array<ArrayBuffer>,
  { type, maxPhotoBytes }: { readonly type: string; readonly maxPhotoBytes: number },
): Promise<Form> => {
  checkParts(body, type);
  const fields = new Map<string, string>();
  let photo: Form['photo'] = null;
  for (const [name, value] of await parse(body, type)) {
    if (typeof value === 'string') {
      // Browsers send an empty file where none was picked, programs an empty text.
      if (name === 'photo' && value === '') continue;
      if (name === 'photo') throw invalid('photo must be a file');
      if (fields.has(name)) throw invalid(`${fieldName(name)} is given twice`);
      if (value.length > maxFieldCharacters) throw invalid(`${fieldName(name)} is too long`);
      fields.set(name, value);
    } else {
      if (name !== 'photo') throw invalid(`${fieldName(name)} must be a text`);
      if (value.size === 0 && value.name === '') continue;
      if (photo) throw invalid('photo is given twice');
      if (value.size > maxPhotoBytes) {
        throw new GramzoomError('photo-too-many-bytes', { bytes: value.size, maxBytes: maxPhotoBytes });
      }
      photo = { bytes: await value.bytes(), name: fileName(value.name) };
    }
  }
  return { fields, photo };
};

/** A field's name, as far as a sentence can bear it. */
const fieldName = (name: string): string => name.slice(0, 40).replace(/[^\w-]/g, '?');

/** Raw options by field, as the request schema takes them. */
export type RawOptions = Readonly<Record<string, string | number>>;

const plainNumber = /^-?\d+(?:\.\d+)?$/;

const rawValue = (rule: FieldRule | undefined, text: string): string | number =>
  (rule?.kind === 'integer' || rule?.kind === 'number') && plainNumber.test(text) ? Number(text) : text;

/** The options among a form's texts. A blank one is left out; what is wrong stays as it is, for the schema to name. */
export const readOptions = (
  fields: ReadonlyMap<string, string>,
  { except }: { readonly except: readonly string[] },
): RawOptions =>
  Object.fromEntries(
    [...fields]
      .filter(([name, text]) => !except.includes(name) && text.trim() !== '')
      .map(([name, text]) => [
        name,
        rawValue(
          allFields.find((rule) => rule.name === name),
          text.trim(),
        ),
      ]),
  );
