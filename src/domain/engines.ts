/** What computes loss and gradient, by name; `auto` leaves the choice to the renderer. */
export const engineNames = ['onnx:cpu'] as const;

export const engineChoices = ['auto', ...engineNames] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** The numbers that a network computes with: 32-bit floats, or bytes (8-bit integers with scales). */
export const precisions = ['float', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** `auto`: bytes where they are quicker on this machine and good enough for the network. */
export const precisionChoices = ['auto', ...precisions] as const;
export type PrecisionChoice = (typeof precisionChoices)[number];
