import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import type { Tensor } from './spec.ts';

const prefixBytes = 8;
/** Room for some ten thousand tensors; more is no network of ours, and a parser's memory is bounded by it. */
const maxHeaderBytes = 2 ** 20;
const maxRank = 8;

const elementBytes = { F32: 4, F16: 2, BF16: 2 } as const;

const entrySchema = z.object({
  dtype: z.enum(['F32', 'F16', 'BF16']),
  shape: z.array(z.int().min(0)).max(maxRank),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
type Entry = z.output<typeof entrySchema>;

const metadataSchema = z.record(z.string(), z.string());

export type SafetensorsFile = {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
};

/**
 * Reads a safetensors file of F32, F16 or BF16 tensors; all become Float32. As the format demands, the
 * tensors must fill the data part exactly: no gaps, no overlaps, nothing behind.
 * (huggingface/safetensors, format description; stricter here: duplicate keys and headers over 1 MiB are
 * refused.)
 * @param bytes the whole file
 * @param options `name` is what the error calls the network
 * @throws GramzoomError `network-damaged` for anything else; memory stays within a few times the file's size
 */
export const readSafetensors = (bytes: Uint8Array, { name = 'network' } = {}): SafetensorsFile => {
  const damaged = (problem: string, cause?: unknown): GramzoomError =>
    new GramzoomError('network-damaged', { name, problem }, { cause });

  if (bytes.length < prefixBytes) throw damaged('the file is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const declaredBytes = view.getBigUint64(0, true);
  if (declaredBytes > maxHeaderBytes) throw damaged('its header is too long');
  const headerBytes = Number(declaredBytes);
  if (prefixBytes + headerBytes > bytes.length) throw damaged('the file is cut off');

  const header = parseHeader(bytes.subarray(prefixBytes, prefixBytes + headerBytes), damaged);
  const data = bytes.subarray(prefixBytes + headerBytes);
  const entries: [string, Entry][] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') metadata = checked(metadataSchema, value, 'its metadata', damaged);
    else entries.push([key, checked(entrySchema, value, quoted(key), damaged)]);
  }
  requireExactCover(entries, data.length, damaged);
  return {
    tensors: new Map(entries.map(([key, entry]) => [key, { shape: entry.shape, data: decode(entry, data) }])),
    metadata,
  };
};

type Damaged = (problem: string, cause?: unknown) => GramzoomError;

/** A tensor's name is somebody else's text: short, and without control characters. */
const quoted = (key: string): string => JSON.stringify(key.slice(0, 64));

const checked = <T>(schema: z.ZodType<T>, value: unknown, what: string, damaged: Damaged): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path[0] === undefined ? '' : ` ${quoted(String(issue.path[0]))}`;
  throw damaged(`${what} has a wrong${where} entry: ${issue?.message}`);
};

const parseHeader = (bytes: Uint8Array, damaged: Damaged): Record<string, unknown> => {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw damaged('its header is not JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw damaged('its header is no JSON object');
  }
  if (hasDuplicateKey(text)) throw damaged('its header names something twice');
  return header as Record<string, unknown>;
};

/** `JSON.parse` silently keeps the last of two equal keys. Takes valid JSON only. */
const hasDuplicateKey = (json: string): boolean => {
  const objects: Set<string>[] = [];
  let lastString = '""';
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const start = i;
      for (i++; json[i] !== '"'; i++) if (json[i] === '\\') i++;
      lastString = json.slice(start, i + 1);
    } else if (character === '{') {
      objects.push(new Set());
    } else if (character === '}') {
      objects.pop();
    } else if (character === ':') {
      const key = String(JSON.parse(lastString));
      if (objects.at(-1)?.has(key)) return true;
      objects.at(-1)?.add(key);
    }
  }
  return false;
};

const requireExactCover = (
  entries: readonly (readonly [string, Entry])[],
  dataBytes: number,
  damaged: Damaged,
): void => {
  for (const [key, { dtype, shape, data_offsets: offsets }] of entries) {
    let elements = 1;
    for (const side of shape) {
      elements *= side;
      if (!Number.isSafeInteger(elements)) throw damaged(`${quoted(key)} is too large`);
    }
    if (offsets[1] > dataBytes) throw damaged(`${quoted(key)} lies beyond the end of the file`);
    if (offsets[1] - offsets[0] !== elements * elementBytes[dtype]) {
      throw damaged(`${quoted(key)} has a size that does not fit its shape`);
    }
  }
  let end = 0;
  const inOrder = entries.toSorted(([, a], [, b]) => {
    return a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1];
  });
  for (const [key, { data_offsets: offsets }] of inOrder) {
    if (offsets[0] !== end) throw damaged(`${quoted(key)} overlaps another tensor or leaves a gap`);
    end = offsets[1];
  }
  if (end !== dataBytes) throw damaged('it holds bytes that belong to no tensor');
};

const decode = ({ dtype, data_offsets: [begin, end] }: Entry, data: Uint8Array): Float32Array => {
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin);
  const values = new Float32Array((end - begin) / elementBytes[dtype]);
  switch (dtype) {
    case 'F32':
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
      break;
    case 'F16':
      for (let i = 0; i < values.length; i++) values[i] = fromHalf(view.getUint16(2 * i, true));
      break;
    case 'BF16': {
      // A bfloat16 is the upper half of a float32.
      const words = new Uint32Array(values.buffer);
      for (let i = 0; i < values.length; i++) words[i] = view.getUint16(2 * i, true) << 16;
      break;
    }
    default:
      dtype satisfies never;
  }
  return values;
};

/** An IEEE 754 half: 1 sign, 5 exponent and 10 fraction bits. */
const fromHalf = (bits: number): number => {
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -14;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction) * 2 ** (exponent - 15);
};

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
