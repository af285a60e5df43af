/**
 * The one place that imports sharp, so that nothing decodes a picture before the allow list stands. The
 * settings hold for the whole process.
 */
import sharp from 'sharp';

const allowedLoaders = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map(
  (name) => `VipsForeignLoad${name}Buffer`,
);

// Loaders for SVG, PDF and formats that libvips may learn later stay shut, whatever the bytes look like.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: allowedLoaders });
// Every picture is decoded once, so a cache would only hold memory.
sharp.cache(false);
// One thread per picture bounds memory; the renderer needs the other cores.
sharp.concurrency(1);

export { sharp };
