/**
 * `npm run lock`, after each `npm install` that changed package-lock.json: takes out of it what depends on who wrote
 * it (the registry) and what would be checked against the wrong Node (`engines`: npm compares them with the Node
 * that runs npm, and the packages run on the one that it brings).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const lockSchema = z.record(z.string(), z.unknown());
const packagesSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

const file = new URL('../package-lock.json', import.meta.url);
const lock = lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const packages = packagesSchema.parse(lock['packages']);
for (const [path, entry] of Object.entries(packages)) {
  if (path === '') continue;
  delete entry['engines'];
  delete entry['resolved'];
}
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
