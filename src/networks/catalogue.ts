/** A network that comes with the project; the files lie in its `networks` folder. */
export type CatalogueEntry = {
  readonly name: string;
  readonly specFile: string;
  readonly weightsFile: string;
  /** SHA-256 of the weights, hexadecimal. */
  readonly weightsSha256: string;
};

/** The networks that a render can ask for, in the order in which people should see them. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    name: 'pocket',
    specFile: 'pocket.json',
    weightsFile: 'pocket.safetensors',
    weightsSha256: 'f750cda733dc8efe6d7e5657f0aea9a8d8beec20e32828d4dd018251d5c236b5',
  },
];
