import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

let registered: Promise<void> | undefined;

/**
 * Registers tfjs-core's own gradients. Its bundle for Node leaves them out; the package has them only as ES
 * modules written for bundlers, whose imports lack the file extension and whose format is not declared. Both
 * are put right while they load, for these files alone.
 */
export const registerTfjsGradients = (): Promise<void> => {
  registered ??= load();
  return registered;
};

const load = async (): Promise<void> => {
  const entry = createRequire(import.meta.url).resolve(
    '@tensorflow/tfjs-core/dist/register_all_gradients.js',
  );
  const entryUrl = pathToFileURL(entry).href;
  const folder = new URL('.', entryUrl).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const inside = specifier.startsWith('.') && context.parentURL?.startsWith(folder);
      if (!inside && specifier !== entryUrl) return next(specifier, context);
      const file = specifier.endsWith('.js') ? specifier : `${specifier}.js`;
      return { ...next(file, context), format: 'module' };
    },
  });
  try {
    await import(entryUrl);
  } finally {
    hooks.deregister();
  }
};
