import type { Depth } from '../domain/request.ts';

/** Where networks lie besides those that come with the project. */
export type NetworkPlaces = {
  /** Holds what was downloaded. */
  readonly folder: string;
  /** The operator's own safetensors file, with its description beside it; null without one. */
  readonly file: string | null;
};

/** A network as a list shows it. */
export type NetworkFacts = {
  readonly name: string;
  /** What it offers, the shallowest first. */
  readonly depths: readonly Depth[];
  /** Of its weights: on the disk where present, else of the download. */
  readonly bytes: number;
  readonly licence: string;
  /** Who made it, and where it comes from: an address, a path, or the project. */
  readonly source: string;
  readonly present: boolean;
};

/** What the use cases ask about networks. */
export interface Networks {
  /** In the order in which people should see them. */
  list(): Promise<readonly NetworkFacts[]>;
  /**
   * Returns where a render with this network may be queued. One that is absent begins to be fetched.
   * @throws GramzoomError `network-unknown`, `depth-not-offered`, `network-fetching`, and `network-not-here`
   * where fetching failed a moment ago
   */
  readonly require: (name: string, depth: Depth) => Promise<void>;
  /** Stops what is being fetched; the next start continues with it. */
  close(): Promise<void>;
}
