/** Writes the tables of options into README.md, from the schemas of the kinds: `node docs/write-options.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withOptionsTables } from './options-table.ts';

const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withOptionsTables(readFileSync(readme, 'utf8')));
