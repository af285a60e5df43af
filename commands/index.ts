import { gramzoom } from './gramzoom.ts';

/** Every command there is, written out by hand. */
export const commands = { gramzoom } as const;
