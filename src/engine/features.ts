import type { Picture } from '../domain/picture.ts';
import type { ConvolutionLayer, Network } from './spec.ts';

/** Planes of features: channels x height x width. */
export type Features = {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
};

/**
 * What each convolution of a network answers to a picture, before its ReLU, with zero padding: straight from the
 * definition, summed in double precision, and so the same bytes on every machine. Slow; meant for checks on a
 * picture of a few pixels, whose sides the network's poolings must halve evenly.
 * @param options.upTo the last convolution that is wanted
 */
export function* convolutionOutputs(
  { spec, tensors }: Network,
  picture: Picture,
  { upTo }: { readonly upTo: string },
): Generator<readonly [name: string, features: Features]> {
  let features = scaleInput(spec.input, picture);
  for (const layer of spec.layers) {
    switch (layer.kind) {
      case 'conv': {
        const weight = tensors.get(`${layer.name}.weight`)!.data;
        features = convolve(layer, { features, weight, bias: tensors.get(`${layer.name}.bias`)!.data });
        yield [layer.name, features];
        if (layer.name === upTo) return;
        break;
      }
      case 'relu':
        features = { ...features, data: features.data.map((value) => Math.max(0, value)) };
        break;
      case 'pool':
        features = pool(features, layer.method);
        break;
      default:
        layer satisfies never;
    }
  }
}

const scaleInput = (input: Network['spec']['input'], { width, height, data }: Picture): Features => {
  const pixels = width * height;
  const scaled = new Float32Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++) {
    const plane = input.order === 'rgb' ? channel : 2 - channel;
    for (let i = 0; i < pixels; i++) {
      scaled[channel * pixels + i] =
        input.scale[channel]! * data[plane * pixels + i]! + input.offset[channel]!;
    }
  }
  return { channels: 3, height, width, data: scaled };
};

const convolve = (
  { in: inputs, out, kernel }: ConvolutionLayer,
  {
    features,
    weight,
    bias,
  }: { readonly features: Features; readonly weight: Float32Array; readonly bias: Float32Array },
): Features => {
  const { height, width, data } = features;
  const pixels = height * width;
  const reach = (kernel - 1) / 2;
  const result = new Float32Array(out * pixels);
  const sums = new Float64Array(pixels);
  let tap = 0;
  for (let o = 0; o < out; o++) {
    sums.fill(bias[o]!);
    for (let i = 0; i < inputs; i++) {
      for (let down = -reach; down <= reach; down++) {
        for (let right = -reach; right <= reach; right++) {
          const factor = weight[tap++]!;
          const shift = i * pixels + down * width + right;
          const lastColumn = Math.min(width, width - right);
          for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
            for (let x = Math.max(0, -right); x < lastColumn; x++) {
              sums[y * width + x]! += factor * data[shift + y * width + x]!;
            }
          }
        }
      }
    }
    result.set(sums, o * pixels);
  }
  return { channels: out, height, width, data: result };
};

const pool = ({ channels, height, width, data }: Features, method: 'average' | 'max'): Features => {
  const rows = height / 2;
  const columns = width / 2;
  const result = new Float32Array(channels * rows * columns);
  for (let i = 0; i < result.length; i++) {
    const y = Math.floor(i / columns);
    const from = 2 * y * width + 2 * (i % columns);
    const four = [data[from]!, data[from + 1]!, data[from + width]!, data[from + width + 1]!];
    result[i] = method === 'max' ? Math.max(...four) : four.reduce((sum, value) => sum + value / 4, 0);
  }
  return { channels, height: rows, width: columns, data: result };
};
