/** Bytes from `start` up to `end`, which is not among them. */
export type ByteRange = { readonly start: number; readonly end: number };

const one = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i;

/**
 * What a `Range` header asks for of so many bytes. One range is given; several, other units and what cannot be read
 * are as if nothing had been asked, which RFC 9110 allows.
 */
export const readRange = (header: string | undefined, size: number): ByteRange | 'all' | 'unsatisfiable' => {
  const [, first = '', last = ''] = one.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'all';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'all';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
};
