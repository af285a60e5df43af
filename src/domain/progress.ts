/** What a kind of render counts: a film its frames, a still the levels of its pyramid. */
export const progressUnits = ['frame', 'level'] as const;
export type ProgressUnit = (typeof progressUnits)[number];

/** How far a render is, in what its kind counts. */
export type Progress = { readonly done: number; readonly total: number; readonly unit: ProgressUnit };
