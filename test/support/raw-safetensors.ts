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
