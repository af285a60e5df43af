import type { Tensor } from './spec.ts';

const prefixBytes = 8;

/**
 * A safetensors file of Float32 tensors, in the order in which they are given; the inverse of
 * `readSafetensors`. (huggingface/safetensors, format description.)
 */
export const writeSafetensors = (
  tensors: ReadonlyMap<string, Tensor>,
  { metadata }: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array<ArrayBuffer> => {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const begin = end;
    end += 4 * data.length;
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(prefixBytes + headerBytes.length + end);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(headerBytes.length), true);
  file.set(headerBytes, prefixBytes);
  let offset = prefixBytes + headerBytes.length;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return file;
};
