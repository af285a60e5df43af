/** The style of a contest's page, which has no other file. */
export const contestPageStyle = `
:root { color-scheme: light dark; --paper: #fbf7f1; --card: #fff; --ink: #231b2b; --quiet: #6d6276; --line: #e4dbd0; --accent: #b4530a; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #120e18; --card: #1d1727; --ink: #f3edf8; --quiet: #a99fb6; --line: #352c42; --accent: #ff9a3c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
header { text-align: center; }
h1 { margin: 0 0 .5rem; font-size: clamp(1.75rem, 5vw, 3rem); line-height: 1.15; text-wrap: balance; }
h2 { margin: 3rem 0 1rem; font-size: 1.35rem; }
header p, .note, figcaption small { color: var(--quiet); }
header p { margin: .15rem 0; }
.verdict { text-align: center; font-size: 1.15rem; margin: 2rem 0; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(clamp(9.5rem, 22vw, 14rem), 1fr)); }
.winners { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
figure { margin: 0; height: 100%; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; overflow: hidden; }
figcaption { padding: .75rem 1rem 1rem; }
figcaption strong, figcaption span, figcaption small { display: block; }
figcaption .place { color: var(--accent); font-weight: 700; }
img, video { display: block; width: 100%; height: auto; }
.film img, .film video { aspect-ratio: 1; object-fit: contain; background: #0c0911; }
.absent { margin: 0; display: grid; place-items: center; aspect-ratio: 1; padding: 1rem; text-align: center; color: var(--quiet); background: var(--paper); }
.reel, .poster { max-width: 34rem; margin: 0 auto; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .55rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; white-space: nowrap; }
th { white-space: normal; overflow-wrap: normal; font-size: .85rem; color: var(--quiet); font-weight: 600; }
td:nth-child(2), th:nth-child(2) { text-align: start; width: 100%; white-space: normal; }
.note { font-size: .9rem; }
@media print { figure { break-inside: avoid; } }
`;
