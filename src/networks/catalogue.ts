/** Weights that come with the project. */
export type ProjectWeights = {
  readonly kind: 'project';
  readonly file: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
};

/** Weights that are downloaded once, as HDF5 in the layout of Keras. */
export type DownloadWeights = {
  readonly kind: 'download';
  /** Below the mirror's base address. */
  readonly path: string;
  /** What the published file is called: on the way, and where it is put by hand. */
  readonly fileName: string;
  /** Of the published file. */
  readonly bytes: number;
  /** MD5 of the published file, hexadecimal: the only checksum that Keras publishes. */
  readonly md5: string;
  /** What the network answers to a fixed picture (see activations.ts); left out where that is not known. */
  readonly activations?: string;
};

/** A network that a render can ask for. Files are named from the project's `networks` folder on. */
export type CatalogueEntry = {
  readonly name: string;
  readonly descriptionFile: string;
  readonly weights: ProjectWeights | DownloadWeights;
};

export type DownloadEntry = CatalogueEntry & { readonly weights: DownloadWeights };

/** The networks that come with the project or are fetched, in the order in which people should see them. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    name: 'pocket',
    descriptionFile: 'pocket.json',
    weights: {
      kind: 'project',
      file: 'pocket.safetensors',
      sha256: 'f7dd6445cf202e019905fb0682faa330430c0f8e9565f050090bea8fb8d2f424',
    },
  },
  {
    name: 'vgg16',
    descriptionFile: 'vgg16.json',
    weights: {
      kind: 'download',
      path: 'vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
      fileName: 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
      bytes: 58_889_256,
      md5: '6d6bbae143d832006294945121d1f1fc',
    },
  },
  {
    name: 'vgg19',
    descriptionFile: 'vgg19.json',
    weights: {
      kind: 'download',
      path: 'vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5',
      fileName: 'vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5',
      bytes: 80_134_624,
      md5: '253f8cb515780f3b799900260a226db6',
      activations: 'vgg19-activations.json',
    },
  },
];

export const isDownload = (entry: CatalogueEntry): entry is DownloadEntry =>
  entry.weights.kind === 'download';
