import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

/** What the figures below were measured on, in a line or two. */
export const machineLines = ({ threads }: { readonly threads: number }): readonly string[] => [
  `machine: ${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ` +
    `${(totalmem() / 1e9).toFixed(0)} GB, ${platform()} ${arch()}, Node ${process.versions.node}`,
  `load average before the run: ${loadavg()
    .map((load) => load.toFixed(2))
    .join(' ')} (a calm machine is below 0.2); threads of the engine: ${threads}`,
];
