#!/usr/bin/env node
// Starts the command line; plain JavaScript that any Node can parse.
import { fileURLToPath } from 'node:url';
import { runModule } from './with-node.mjs';

await runModule(fileURLToPath(new URL('./cli.ts', import.meta.url)));
