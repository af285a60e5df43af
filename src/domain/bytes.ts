const unitBytes: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['kb', 1e3],
  ['mb', 1e6],
  ['gb', 1e9],
  ['kib', 2 ** 10],
  ['mib', 2 ** 20],
  ['gib', 2 ** 30],
]);

/** Reads `10MB` (10,000,000 bytes), `8 MiB` or a plain number of bytes; undefined for anything else. */
export const parseBytes = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = unitBytes.get(match?.[2]?.toLowerCase() ?? 'none');
  return match && unit ? Math.floor(Number(match[1]) * unit) : undefined;
};

/** `12.3 MB`, as people read it: decimal units, three digits. */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1e3) return `${bytes} bytes`;
  const [unit, size] =
    bytes < 999_500 ? ['kB', 1e3] : bytes < 999_500_000 ? ['MB', 1e6] : (['GB', 1e9] as const);
  return `${Number((bytes / Number(size)).toPrecision(3))} ${unit}`;
};

/** The bytes of a file, to read numbers from; nothing is copied. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
