/** How deep a render looks into a network: which of its layers' Gram matrices count. */
export const depths = ['texture', 'style', 'scene'] as const;
export type Depth = (typeof depths)[number];
