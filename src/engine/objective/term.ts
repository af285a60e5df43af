import type { Bytes } from '../backends/onnx-bytes.ts';
import type { GraphBuilder, Value } from '../backends/onnx-model.ts';
import type { Tensor } from '../spec.ts';

/** Inputs or outputs of a graph, by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** The features of one tap in one octave, as a value of a graph. */
export type TapFeatures = {
  readonly octave: number;
  readonly tap: number;
  /** Of the tap, as the network's spec has it. */
  readonly weight: number;
  /** Channels x pixels. */
  readonly features: Value;
};

/**
 * What every term of an objective has. A term adds nodes to the step graph: its losses, and their gradient (ONNX has no
 * automatic differentiation). Its formula stands at the head of its file, and once more in float64 in
 * test/support/reference-loss.ts.
 */
type AnyTerm<Target> = {
  /** What the step graph is fed, by name, besides the picture. */
  readonly feeds: (target: Target) => NamedTensors;
};

/** The features of one tap in one octave as bytes, channels last. */
export type TapBytes = Omit<TapFeatures, 'features'> & { readonly features: Bytes };

/** What a term that compares features has for the 8-bit engine. */
export type ByteTerm = {
  /** Called once per graph; the function that it returns, once per octave and tap. */
  readonly stepInBytes: (
    graph: GraphBuilder,
    context: { readonly octaves: number; readonly taps: number; readonly weight: number },
  ) => (at: TapBytes) => {
    /** One value, unweighted. */
    readonly loss: Value;
    /** C x C, symmetric: the features times this are their gradient, times all weights. */
    readonly matrix: Value;
  };
};

/** A term that compares the network's features: its gradient enters the backward pass at each tap. */
export type FeatureTerm<Target> = AnyTerm<Target> &
  ByteTerm & {
    readonly kind: 'features';
    /** Called once per graph; the function that it returns, once per octave and tap. */
    readonly step: (
      graph: GraphBuilder,
      context: { readonly octaves: number; readonly taps: number; readonly weight: number },
    ) => (at: TapFeatures) => {
      /** One value, unweighted. */
      readonly loss: Value;
      /** Of `features`, times all weights, plus what the layers behind it give (`carried`). */
      readonly gradient: (carried: Value | undefined) => Value;
    };
  };

/** A term that looks at the pixels alone. */
export type PixelTerm<Target> = AnyTerm<Target> & {
  readonly kind: 'pixels';
  /** Unweighted losses, and the gradient of their sum times `weight`, in the picture's shape. */
  readonly step: (
    graph: GraphBuilder,
    picture: Value,
    context: { readonly weight: number },
  ) => { readonly losses: Value; readonly gradient: Value };
};

export type Term<Target> = FeatureTerm<Target> | PixelTerm<Target>;
