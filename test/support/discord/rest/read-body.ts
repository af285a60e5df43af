import { invalidForm } from '../state/discord-error.ts';
import type { RequestFiles } from '../state/message-body.ts';

export type RequestBody = { readonly body: unknown; readonly files: RequestFiles };

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidForm('payload_json', 'BASE_TYPE_BAD_TYPE', 'The request body contains invalid JSON.');
  }
};

/** The JSON of a request and its files, from plain JSON or from a form with `payload_json` and `files[n]`. */
export const readBody = async (bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<RequestBody> => {
  if (bytes.byteLength === 0) return { body: undefined, files: new Map() };
  if (!contentType.startsWith('multipart/form-data')) {
    return { body: parse(new TextDecoder().decode(bytes)), files: new Map() };
  }
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  const files = new Map<number, { filename: string; bytes: Uint8Array }>();
  for (const [name, value] of form) {
    const number = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (number === undefined || typeof value === 'string') continue;
    files.set(Number(number), { filename: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  const json = form.get('payload_json');
  return { body: typeof json === 'string' ? parse(json) : {}, files };
};
