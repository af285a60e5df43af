/** Space on the disk that holds the data folder, in bytes. */
export type DiskSpace = {
  /** What this process may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
};

/** The disk that holds the data folder. */
export interface Disk {
  /** Null where the file system does not say. */
  space(): Promise<DiskSpace | null>;
}
