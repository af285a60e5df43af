/** What computes loss and gradient, by name; `auto` leaves the choice to the renderer. */
export const engineNames = ['onnx:cpu'] as const;

export const engineChoices = ['auto', ...engineNames] as const;
export type EngineChoice = (typeof engineChoices)[number];
