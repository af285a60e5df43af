import { afterEach, describe, expect, it } from 'vitest';
import type { Picture, Size } from '../../src/domain/picture.ts';
import type { Backend, OpenBackend } from '../../src/engine/backend.ts';
import { type Objective, type TermName, termNames } from '../../src/engine/objective/objective.ts';
import { type Network, type Padding, poolingDepth } from '../../src/engine/spec.ts';
import {
  compareWithReference,
  expectClose,
  norm,
  ofFloats,
  relativeError,
  type Setting,
} from '../support/nearness.ts';
import { referenceLoss, referenceTarget, toPlanes } from '../support/reference-loss.ts';
import { beside, flatPicture, wavyPicture } from '../support/test-pictures.ts';
import { deepNetwork, oddNetwork, plainNetwork } from '../support/tiny-network.ts';

const square = (side: number): Size => ({ width: side, height: side });

const paddings: readonly Padding[] = ['zero', 'wrap', 'reflect'];

/** Weights that let each term have a visible share in loss and gradient. */
const everyTerm = (padding: Padding): Objective => ({
  padding,
  octaves: 2,
  weights: { gram: 0.8, colour: 0.7, smoothness: 0.5 },
});
const only = (term: TermName, padding: Padding): Objective => ({
  ...everyTerm(padding),
  weights: { [term]: 1 },
});

/** A photo that begins and ends with a picture, so that it has what the picture has, at its borders too. */
const around = (picture: Picture, other: Picture): Picture => beside(beside(picture, other), picture);

/**
 * What every backend must do; `name` is how the suite calls it. Where losses are compared, the photo holds the
 * picture, since bytes reach little farther than the photo's activations.
 * @param options.networks a plain one and an odd one
 */
export const backendContract = (
  name: string,
  open: OpenBackend,
  { exactness = ofFloats, networks = [plainNetwork(), oddNetwork()] } = {},
): void => {
  describe(`${name}: the backend contract`, () => {
    const opened: Backend[] = [];
    afterEach(async () => {
      for (const backend of opened.splice(0)) await backend.close();
    });
    const start = async (network: Network, objective: Objective): Promise<Backend> => {
      const backend = await open(network, objective, { threads: 1 });
      opened.push(backend);
      return backend;
    };

    const compare = async (setting: Setting): Promise<void> => {
      const backend = await start(setting.network, setting.objective);
      await compareWithReference(backend, setting, exactness);
    };

    for (const network of networks) {
      for (const padding of paddings) {
        it(`gives the reference's losses and gradient for a ${network.spec.name} network, ${padding} padding`, async () => {
          const picture = wavyPicture(16, 16, 2);
          const photo = around(picture, wavyPicture(16, 16, 1));
          await compare({ network, objective: everyTerm(padding), photo, picture });
          await compare({ network, objective: only('gram', padding), photo, picture });
          const wide = wavyPicture(24, 16, 12);
          await compare({
            network,
            objective: everyTerm(padding),
            photo: around(wide, picture),
            picture: wide,
          });
        });
      }

      it(`measures what the reference measures on a ${network.spec.name} network, whatever the photo's shape`, async () => {
        for (const padding of paddings) {
          const objective = everyTerm(padding);
          const backend = await start(network, objective);
          for (const photo of [wavyPicture(40, 24, 3), wavyPicture(16, 80, 4)]) {
            const target = await backend.measure(photo, square(64));
            const reference = referenceTarget(network, objective, {
              photo: toPlanes(photo),
              size: square(64),
            });
            expect(target.grams).toHaveLength(2);
            for (const [octave, grams] of reference.grams.entries()) {
              expect(target.grams[octave]).toHaveLength(grams.length);
              for (const [tap, { gram, norm: wantedNorm }] of grams.entries()) {
                const found = target.grams[octave]![tap]!;
                expect(found.channels).toBe(Math.sqrt(gram.length));
                expect(found.gram).toHaveLength(gram.length);
                expect(relativeError(found.gram, gram)).toBeLessThan(exactness.losses);
                // It is a square.
                expectClose(found.norm, wantedNorm, { ...exactness, losses: 2 * exactness.losses });
              }
            }
            expect(target.colour.mean).toHaveLength(3);
            expect(target.colour.covariance).toHaveLength(9);
            expect(relativeError(target.colour.mean, reference.colour.mean)).toBeLessThan(ofFloats.losses);
            expect(relativeError(target.colour.covariance, reference.colour.covariance)).toBeLessThan(
              ofFloats.losses,
            );
          }
        }
      });
    }

    it.each(termNames)('computes the term %s alone as the reference does', async (term) => {
      const picture = wavyPicture(16, 16, 23);
      const photo = around(picture, wavyPicture(16, 16, 22));
      await compare({ network: networks[1]!, objective: only(term, 'reflect'), photo, picture });
    });

    it('sums over two octaves where the picture is large enough', async () => {
      const [network, picture] = [networks[0]!, wavyPicture(64, 64, 6)];
      const photo = around(picture, wavyPicture(64, 64, 5));
      await compare({ network, objective: everyTerm('reflect'), photo, picture });
      await compare({ network, objective: only('gram', 'wrap'), photo, picture });
    });

    it('sums over octaves that poolings halve evenly only with what is mirrored in', async () => {
      // Half of 66 px is odd; the deep network halves 36 of 72 px three times.
      const cases = [
        { network: networks[0]!, objective: everyTerm('zero'), picture: wavyPicture(66, 68, 25) },
        { network: deepNetwork(), objective: only('gram', 'reflect'), picture: wavyPicture(72, 80, 26) },
      ];
      for (const { network, objective, picture } of cases) {
        const photo = around(picture, wavyPicture(picture.height, picture.height, 27));
        await compare({ network, objective, photo, picture });
      }
    });

    it('measures octaves of a photo that poolings halve evenly only with what is mirrored in', async () => {
      const [network, objective] = [deepNetwork(), { ...only('gram', 'reflect'), octaves: 3 }];
      const backend = await start(network, objective);
      // The deep network halves three times 52 px of the first one's last octave, and 36, 18 and 20 px of the second's.
      const photos = [wavyPicture(320, 208, 28), wavyPicture(72, 80, 26)];
      for (const photo of photos) {
        expect([photo.width % backend.photoMultiple, photo.height % backend.photoMultiple]).toEqual([0, 0]);
        const target = await backend.measure(photo, square(128));
        const reference = referenceTarget(network, objective, { photo: toPlanes(photo), size: square(128) });
        expect(target.grams.map((taps) => taps.length)).toEqual([3, 3, 3]);
        for (const [octave, grams] of reference.grams.entries()) {
          for (const [tap, { gram }] of grams.entries()) {
            expect(relativeError(target.grams[octave]![tap]!.gram, gram)).toBeLessThan(exactness.losses);
          }
        }
      }
    });

    it('leaves a picture that equals the photo where it is', async () => {
      for (const network of networks) {
        const backend = await start(network, { ...everyTerm('wrap'), weights: { gram: 1, colour: 0.7 } });
        const photo = wavyPicture(32, 32, 8);
        const target = await backend.measure(photo, square(32));
        const atHome = await backend.evaluate(photo, target);
        const elsewhere = await backend.evaluate(wavyPicture(32, 32, 9), target);
        // Rounding alone is left: the difference of two equal Gram matrices, relative 1e-7, squared.
        expect(atHome.loss).toBeLessThan(1e-10);
        expect(norm(Array.from(atHome.gradient))).toBeLessThan(1e-4 * norm(Array.from(elsewhere.gradient)));
      }
    });

    it('keeps black, grey, white and the smallest pictures finite', async () => {
      for (const network of networks) {
        for (const padding of paddings) {
          const backend = await start(network, everyTerm(padding));
          const smallest = 2 ** poolingDepth(network.spec);
          for (const side of [smallest, 2 * smallest, 16]) {
            const pictures = [0, 0.45, 1].map((value) => flatPicture(side, side, value));
            pictures.push(wavyPicture(side, side, 10));
            for (const photo of pictures) {
              const target = await backend.measure(photo, square(side));
              for (const picture of pictures) {
                const { gradient, loss, losses } = await backend.evaluate(picture, target);
                // Rounding may leave a little less than nothing of a smoothness that is zero.
                const all = [loss, ...Object.values(losses)];
                expect(all.every((each) => Number.isFinite(each) && each > -1e-6)).toBe(true);
                expect(gradient.every(Number.isFinite)).toBe(true);
              }
            }
          }
        }
      }
    });

    it("gives the reference's losses and gradient for the smallest pictures", async () => {
      for (const network of networks) {
        const depth = poolingDepth(network.spec);
        for (const padding of paddings) {
          for (const side of [2 ** depth, 2 * 2 ** depth, 3 * 2 ** depth]) {
            const picture = wavyPicture(side, side, 13);
            const photo = around(picture, wavyPicture(2 * side, side, 31));
            await compare({ network, objective: everyTerm(padding), photo, picture });
          }
        }
      }
    });

    it('keeps targets of the same size apart, one after the other and at once', async () => {
      const [network, objective] = [networks[0]!, everyTerm('wrap')];
      const backend = await start(network, objective);
      const picture = wavyPicture(16, 16, 14);
      const photos = [wavyPicture(16, 16, 15), wavyPicture(16, 16, 16)];
      const targets = await Promise.all(photos.map((photo) => backend.measure(photo, square(16))));
      const wanted = photos.map((photo) => {
        const target = referenceTarget(network, objective, { photo: toPlanes(photo), size: square(16) });
        return referenceLoss(network, objective, { picture: toPlanes(picture), target }).loss;
      });
      expect(Math.abs(wanted[0]! - wanted[1]!)).toBeGreaterThan(0.01 * wanted[0]!);
      const order = [0, 1, 0, 1, 1, 0];
      const first = await backend.evaluate(picture, targets[0]!);
      const keptGradient = first.gradient.slice();
      for (const which of order)
        expectClose((await backend.evaluate(picture, targets[which]!)).loss, wanted[which]!, exactness);
      const atOnce = await Promise.all(order.map((which) => backend.evaluate(picture, targets[which]!)));
      for (const [i, which] of order.entries()) expectClose(atOnce[i]!.loss, wanted[which]!, exactness);
      // A gradient belongs to its caller; later evaluations must not write over it.
      expect(first.gradient).toEqual(keptGradient);
    });

    it('goes from one size to another and back, one after the other and at once', async () => {
      const [network, objective] = [networks[0]!, everyTerm('reflect')];
      const backend = await start(network, objective);
      const photo = wavyPicture(32, 32, 20);
      const cases = await Promise.all(
        [16, 24, 32].map(async (side) => {
          const picture = wavyPicture(side, side, 21);
          const wanted = referenceLoss(network, objective, {
            picture: toPlanes(picture),
            target: referenceTarget(network, objective, { photo: toPlanes(photo), size: square(side) }),
          });
          return { picture, target: await backend.measure(photo, square(side)), loss: wanted.loss };
        }),
      );
      const order = [0, 1, 2, 0, 0, 2, 1].map((which) => cases[which]!);
      for (const { picture, target, loss } of order)
        expectClose((await backend.evaluate(picture, target)).loss, loss, exactness);
      const atOnce = await Promise.all(order.map(({ picture, target }) => backend.evaluate(picture, target)));
      for (const [i, { loss }] of order.entries()) expectClose(atOnce[i]!.loss, loss, exactness);
    });

    it('leaves the picture and the photo as they were', async () => {
      const backend = await start(networks[1]!, everyTerm('reflect'));
      const [photo, picture] = [wavyPicture(24, 16, 17), wavyPicture(16, 16, 18)];
      const before = [photo.data.slice(), picture.data.slice()];
      await backend.evaluate(picture, await backend.measure(photo, square(16)));
      expect([photo.data, picture.data]).toEqual(before);
    });

    it('says who it is and refuses work once it is closed', async () => {
      const backend = await start(networks[0]!, everyTerm('wrap'));
      expect(backend.name).toMatch(/^[a-z]+:[a-z]+$/);
      expect(backend.version).toMatch(/^\d+\.\d+/);
      expect(backend.threads).toBe(1);
      const picture = wavyPicture(16, 16, 19);
      const target = await backend.measure(picture, square(16));
      await backend.evaluate(picture, target);
      await backend.close();
      await expect(backend.evaluate(picture, target)).rejects.toMatchObject({ name: 'GramzoomError' });
      await expect(backend.measure(picture, square(16))).rejects.toMatchObject({ name: 'GramzoomError' });
      await expect(backend.close()).resolves.toBeUndefined();
    });
  });
};
