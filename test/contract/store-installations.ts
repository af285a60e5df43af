import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';

/** What every store does with installations; part of its contract. */
export const describeInstallations = (opened: () => Store): void => {
  describe('an installation', () => {
    it('is the last one that a tenant made', async () => {
      const { installations } = opened();
      expect(await installations.get('slack', 'T1')).toBeUndefined();
      await installations.save('slack', { tenant: 'T1', sealed: 'first' });
      await installations.save('slack', { tenant: 'T1', sealed: 'second' });
      expect(await installations.get('slack', 'T1')).toEqual({ tenant: 'T1', sealed: 'second' });
      expect(await installations.all('slack')).toEqual([{ tenant: 'T1', sealed: 'second' }]);
    });

    it('goes alone, and takes the second time well', async () => {
      const { installations } = opened();
      for (const tenant of ['T2', 'T1']) await installations.save('slack', { tenant, sealed: tenant });
      await installations.save('other', { tenant: 'T1', sealed: 'elsewhere' });
      await installations.remove('slack', 'T1');
      await installations.remove('slack', 'T1');
      expect(await installations.all('slack')).toEqual([{ tenant: 'T2', sealed: 'T2' }]);
      expect(await installations.get('other', 'T1')).toEqual({ tenant: 'T1', sealed: 'elsewhere' });
    });
  });
};
