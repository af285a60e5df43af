#!/usr/bin/env node
// Plain JavaScript that any Node can parse, so that an old one gets a sentence instead of a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./cli.ts');
} else {
  process.stderr.write(
    `Node ${process.versions.node} is too old: use npm run gramzoom, which brings its own, or Node 22.18 or newer.\n`,
  );
  process.exitCode = 1;
}
