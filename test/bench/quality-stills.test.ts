import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  comparisonNetwork,
  fingerprintOf,
  randomPocket,
  sharedShape,
} from '../../bench/comparison-networks.ts';
import { contactSheet } from '../../bench/contact-sheet.ts';
import { drawnPictures } from '../../bench/drawn-pictures.ts';
import { mirrored, openQualityPhoto } from '../../bench/quality-photos.ts';
import { gatherStills, isCurrent } from '../../bench/quality-stills.ts';
import { loadStills, type Still, saveStills } from '../../bench/saved-stills.ts';
import { makeStill, stillMethod } from '../../bench/stills.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { type Picture, type RgbImage, toRgbImage } from '../../src/domain/picture.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { renderZoom } from '../../src/engine/kinds/zoom.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { planLevels } from '../../src/engine/synthesis/levels.ts';
import { tunings } from '../../src/engine/zoom/plan.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { plainNetwork } from '../support/tiny-network.ts';

const { signal } = new AbortController();
const image = toRgbImage(wavyPicture(64, 64, 1));

describe('a still', () => {
  it('is the picture that a film has when its levels are done, with as many steps', async () => {
    const photo = wavyPicture(80, 60, 2);
    const backend = await openOnnxBackend(plainNetwork(), styleObjective, { threads: 1 });
    try {
      const request = { ...parseRequest({ size: 64 }), seed: 3 };
      const steps = 3;
      const tuning = { ...tunings.standard, startSteps: { coarsest: steps, finer: steps } };
      let first: Picture | undefined;
      for await (const event of renderZoom(request, photo, backend, { signal, tuning })) {
        if (event.kind !== 'level') continue;
        first = event.picture;
        break;
      }
      const still = await makeStill(photo, backend, { size: 64, steps, seed: 3, signal });
      expect(still).toEqual(toRgbImage(first!));
    } finally {
      await backend.close();
    }
  });

  it('is of the finest level, without a frame behind it', async () => {
    const fake = createFakeBackend();
    const options = { size: 160, steps: 2, seed: 3, signal };
    const still = await makeStill(wavyPicture(80, 60, 2), fake.backend, options);
    expect([still.width, still.height]).toEqual([160, 160]);
    const levels = planLevels(still, { coarsest: 2, finer: 2 });
    expect(levels).toHaveLength(2);
    expect(fake.evaluations).toBe(levels[0]!.steps + levels[1]!.steps);
  });
});

describe('kept stills', async () => {
  const photo = { name: 'x', fingerprint: 'photo' };
  const method = await stillMethod({ size: 64 });
  const key = { network: 'a', photo, seed: 1, method, networkFingerprint: 'weights' };
  const still: Still = {
    network: 'a',
    networkFingerprint: 'weights',
    photo: 'x',
    photoFingerprint: 'photo',
    seed: 1,
    method,
    image,
  };

  it('come back from their file as they were', async () => {
    const folder = temporaryFolder();
    try {
      const path = join(folder.path, 'stills.json');
      await saveStills(path, [still, { ...still, seed: 2 }]);
      expect(await loadStills(path)).toEqual([still, { ...still, seed: 2 }]);
    } finally {
      folder.remove();
    }
  });

  it('hold for the same network, photo, seed and method', async () => {
    expect(isCurrent(still, key)).toBe(true);
    expect(isCurrent(still, { ...key, networkFingerprint: 'others' })).toBe(false);
    expect(isCurrent(still, { ...key, photo: { ...photo, fingerprint: 'another' } })).toBe(false);
    expect(isCurrent(still, { ...key, seed: 2 })).toBe(false);
    expect(isCurrent(still, { ...key, method: await stillMethod({ size: 160 }) })).toBe(false);
    expect(isCurrent(still, { ...key, method: await stillMethod({ size: 64, steps: 9 }) })).toBe(false);
    expect(isCurrent(still, { ...key, method: await stillMethod({ size: 64 }) })).toBe(true);
  });

  it('stand for a network that is absent, and what is missing of it is left out', async () => {
    const opened = {
      ...photo,
      picture: wavyPicture(64, 64, 1),
      reference: wavyPicture(64, 64, 1),
      heldOut: true,
    };
    const said: string[] = [];
    const wanted = {
      networks: [{ name: 'a', open: async () => null }],
      photos: [opened],
      seeds: [1, 2],
      size: 64,
      threads: 1,
    };
    const stills = await gatherStills(wanted, [still], { print: (line) => said.push(line) });
    expect(stills).toEqual([still]);
    expect(said).toEqual(['a, seed 2: the network is absent, 1 stills are left out']);
  });
});

describe('networks to compare with', () => {
  it('include pocket with other weights for each seed', async () => {
    const [one, again, two] = [await randomPocket(1), await randomPocket(1), await randomPocket(2)];
    expect(fingerprintOf(one)).toBe(fingerprintOf(again));
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(two));
    expect(one.spec.layers).toEqual((await comparisonNetwork('pocket', { folder: '' }).open(1))?.spec.layers);
  });

  it('are opened at the depth that is asked for behind their names', async () => {
    const at = async (name: string) => (await comparisonNetwork(name, { folder: '' }).open(1))!.spec;
    expect(comparisonNetwork('pocket@texture', { folder: '' }).name).toBe('pocket@texture');
    expect(await at('pocket@texture')).toEqual((await openNetwork('pocket', { depth: 'texture' })).spec);
    expect(await at('pocket')).toEqual((await openNetwork('pocket', { depth: parseRequest({}).depth })).spec);
    expect(comparisonNetwork('file:/some/cat.safetensors@scene', { folder: '' }).name).toBe('cat@scene');
  });

  it('include the shape of VGG19 where its weights are absent', () => {
    const parameters = [...sharedShape('vgg19-conv3').tensors.values()].reduce(
      (sum, { data }) => sum + data.length,
      0,
    );
    expect(parameters).toBe(2_325_568);
  });

  it('are absent where the product has not fetched them', async () => {
    const folder = temporaryFolder();
    try {
      expect(await comparisonNetwork('vgg19', { folder: folder.path }).open(1)).toBeNull();
    } finally {
      folder.remove();
    }
  });
});

describe('pictures to judge by', () => {
  it.each(Object.entries(drawnPictures))('are drawn: %s', async (name, draw) => {
    const { data } = draw();
    expect(draw().data).toEqual(data);
    let [least, most] = [1, 0];
    for (const value of data) [least, most] = [Math.min(least, value), Math.max(most, value)];
    expect(least).toBeGreaterThanOrEqual(0);
    expect(most).toBeLessThanOrEqual(1);
    expect(most - least, 'the contrast').toBeGreaterThan(0.7);
    const { reference, heldOut } = await openQualityPhoto(name, 64);
    expect([reference.width, reference.height, heldOut]).toEqual([64, 64, true]);
  });

  it('are any photos by their path', async () => {
    const photo = await openQualityPhoto('docs/sample.png', 64);
    expect(photo.name).toBe('sample');
    expect(photo.heldOut).toBe(false);
  });

  it('are mirrored row by row', () => {
    const picture = { width: 3, height: 2, data: Float32Array.from({ length: 18 }, (_, index) => index) };
    expect([...mirrored(picture).data.subarray(0, 6)]).toEqual([2, 1, 0, 5, 4, 3]);
    expect(mirrored(mirrored(picture))).toEqual(picture);
  });
});

describe('the contact sheet', () => {
  const flat = (width: number, height: number, value: number): RgbImage => ({
    width,
    height,
    data: new Uint8Array(3 * width * height).fill(value),
  });

  it('shows rows of pictures, each in the middle of its place, and leaves gaps empty', () => {
    const sheet = contactSheet(
      [
        [flat(20, 10, 1), flat(20, 20, 2)],
        [null, flat(40, 40, 3)],
      ],
      { side: 20 },
    );
    expect([sheet.width, sheet.height]).toEqual([58, 58]);
    const at = (x: number, y: number) => sheet.data[3 * (y * sheet.width + x)];
    expect([at(16, 16), at(42, 16), at(42, 42)]).toEqual([1, 2, 3]);
    const paper = at(0, 0);
    expect([at(16, 8), at(16, 42), at(29, 16)]).toEqual([paper, paper, paper]);
  });
});
