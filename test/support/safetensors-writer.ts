import type { Tensor } from '../../src/engine/spec.ts';

/** A safetensors file from a header as it stands (an object or raw text) and the data behind it. */
export const rawSafetensors = (header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array => {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const headerBytes = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + headerBytes.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes.length), true);
  file.set(headerBytes, 8);
  file.set(data, 8 + headerBytes.length);
  return file;
};

/** A sound file of Float32 tensors. */
export const writeSafetensors = (
  tensors: ReadonlyMap<string, Tensor>,
  { metadata }: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array => {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const begin = end;
    end += 4 * data.length;
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return rawSafetensors(header, bytes);
};
