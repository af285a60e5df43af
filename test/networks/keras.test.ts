import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/engine/spec.ts';
import { readKerasFile } from '../../src/networks/keras-file.ts';
import {
  type KerasOptions,
  newerNames,
  publishedNames,
  strings,
  writeKerasFile,
} from '../support/keras-writer.ts';
import { standInDescription, standInNetwork } from '../support/stand-in-network.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const network = standInNetwork();

const writeAndRead = async (options: KerasOptions = {}, given: Network = network) => {
  const path = join(await createTempFolder(), 'weights.h5');
  await writeKerasFile(path, given, options);
  return await readKerasFile(path, standInDescription);
};

const group = (file: Parameters<NonNullable<KerasOptions['alter']>>[0], name: string) => {
  const found = file.get(name);
  if (!found || !('create_group' in found)) throw new Error(`no group ${name}`);
  return found;
};

describe('weights that Keras wrote', () => {
  it.each([
    ['as the published VGG files name them', publishedNames],
    ['as newer versions name them', newerNames],
    ['under names that only the attributes know', () => ['one', 'another'] as const],
  ])('are read %s', async (_, names) => {
    expect(await writeAndRead({ names })).toEqual(network.tensors);
  });

  it.each<[string, KerasOptions, RegExp]>([
    ['has no list of layers', { alter: (file) => file.delete_attribute('layer_names') }, /no layer_names/],
    [
      'lists its layers as numbers',
      {
        alter: (file) => {
          file.delete_attribute('layer_names');
          file.create_attribute('layer_names', new Float64Array(4), [4], '<d');
        },
      },
      /layer_names of the file are no text/,
    ],
    [
      'lists more layers than any network has',
      {
        alter: (file) => {
          file.delete_attribute('layer_names');
          strings(file, 'layer_names', Array(300).fill('x'));
        },
      },
      /layer_names of the file are no short list/,
    ],
    [
      'lists text of any length',
      {
        alter: (file) => {
          file.delete_attribute('layer_names');
          file.create_attribute('layer_names', ['block1_conv1'], [1], 'S');
        },
      },
      /layer_names of the file are not text of a fixed length/,
    ],
    [
      'lacks a layer',
      {
        alter: (file) => {
          file.delete_attribute('layer_names');
          strings(file, 'layer_names', ['block1_conv1', 'block1_conv2', 'block2_conv1']);
        },
      },
      /no layer block1_conv3/,
    ],
    [
      'has a layer more than the network',
      {
        alter: (file) => {
          file.delete_attribute('layer_names');
          const names = ['block1_conv1', 'block1_conv2', 'block1_conv3', 'block2_conv1', 'block1_conv4'];
          strings(file, 'layer_names', names);
          strings(file.create_group('block1_conv4'), 'weight_names', publishedNames('block1_conv4'));
        },
      },
      /"block1_conv4" is none of this network/,
    ],
    [
      'lists a layer that is not there',
      {
        alter: (file) => {
          file.delete_attribute('layer_names');
          const names = ['block1_conv1', 'block1_conv2', 'block1_conv3', 'block2_conv1', '../block1_pool'];
          strings(file, 'layer_names', names);
        },
      },
      /"..\/block1_pool" is not there/,
    ],
    [
      'has a layer with three weights',
      {
        alter: (file) => {
          group(file, 'block1_conv2').delete_attribute('weight_names');
          strings(group(file, 'block1_conv2'), 'weight_names', ['a', 'b', 'c']);
        },
      },
      /block1_conv2 has 3 weights, not 2/,
    ],
    [
      'names weights that are not there',
      {
        alter: (file) => {
          group(file, 'block1_conv2').delete_attribute('weight_names');
          strings(group(file, 'block1_conv2'), 'weight_names', ['nothing', 'b']);
        },
      },
      /"nothing" is not there/,
    ],
    [
      'names the bias first',
      {
        alter: (file) => {
          group(file, 'block1_conv2').delete_attribute('weight_names');
          const [kernel, bias] = publishedNames('block1_conv2');
          strings(group(file, 'block1_conv2'), 'weight_names', [bias, kernel]);
        },
      },
      /block1_conv2_b_1:0" has shape 4 instead of 3x3x4x4/,
    ],
    [
      'has kernels in double precision',
      {
        write: (to, name, values, shape) => {
          if (name !== 'block2_conv1_W_1:0') return false;
          to.create_dataset({ name, data: Float64Array.from(values), shape: [...shape], dtype: '<d' });
          return true;
        },
      },
      /block2_conv1_W_1:0" does not hold numbers of 32 bits/,
    ],
    [
      'has compressed kernels, which could grow without end',
      {
        write: (to, name, data, shape) => {
          if (name !== 'block2_conv1_W_1:0') return false;
          const chunks = [...shape];
          to.create_dataset({ name, data, shape: chunks, dtype: '<f', chunks, compression: 9 });
          return true;
        },
      },
      /block2_conv1_W_1:0" is stored in pieces/,
    ],
    [
      'has kernels of another shape',
      {
        write: (to, name, data, [high, wide, inputs, out]) => {
          if (name !== 'block2_conv1_W_1:0') return false;
          to.create_dataset({ name, data, shape: [high!, wide!, out!, inputs!], dtype: '<f' });
          return true;
        },
      },
      /has shape 3x3x6x4 instead of 3x3x4x6/,
    ],
    [
      'claims kernels of a terabyte',
      {
        write: (to, name, values) => {
          if (name !== 'block2_conv1_W_1:0') return false;
          const data = values.slice(0, 8);
          const set = { name, data, shape: [8], maxshape: [null], chunks: [8], dtype: '<f' };
          to.create_dataset(set).resize([2 ** 38]);
          return true;
        },
      },
      /stored in pieces/,
    ],
  ])('are refused where the file %s', async (_, options, problem) => {
    await expect(writeAndRead(options)).rejects.toMatchObject({
      code: 'network-damaged',
      data: { name: 'small-vgg', problem: expect.stringMatching(problem) },
    });
  });

  it.each(['another file', 'elsewhere in the file'])('are not read through a link to %s', async (where) => {
    const other = join(await createTempFolder(), 'other.h5');
    await writeKerasFile(other, network);
    const alter: KerasOptions['alter'] = (file) => {
      const layer = group(file, 'block1_conv1');
      const [kernel, bias] = publishedNames('block1_conv1');
      const target = `/block1_conv1/${kernel}`;
      if (where === 'another file') layer.create_external_link(other, target, 'kernel');
      else layer.create_soft_link(target, 'kernel');
      layer.delete_attribute('weight_names');
      strings(layer, 'weight_names', ['kernel', bias]);
    };
    await expect(writeAndRead({ alter })).rejects.toMatchObject({
      code: 'network-damaged',
      data: { problem: expect.stringMatching(/"kernel" is not there/) },
    });
  });
});
