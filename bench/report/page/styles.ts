import { PEER_STYLES } from "./peers.js";

/** The page's one style sheet. */
export function styleSheet(): string {
  const peers = Object.entries(PEER_STYLES);
  const light = peers.map(([name, { light }]) => `--${name}: ${light};`).join(" ");
  const dark = peers.map(([name, { dark }]) => `--${name}: ${dark};`).join(" ");
  const marks = peers.map(([name]) => `.${name} { --peer: var(--${name}); }`).join("\n");
  return `:root { ${light} ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${dark} ${DARK} } }
${marks}
${RULES}`;
}

const LIGHT = `color-scheme: light;
  --page: #f6f7f9; --surface: #ffffff; --ink: #1c2026; --muted: #5a626e; --line: #e2e5ea; --link: #0060a0;
  --met: #007048; --missed: #b3261e; --noise: #8a5a00; --unmeasured: #5a626e; --warning: #fff6e0;`;
const DARK = `color-scheme: dark;
  --page: #14171b; --surface: #1d2126; --ink: #e8eaed; --muted: #a2aab5; --line: #343a42; --link: #79b8f0;
  --met: #4cc38a; --missed: #ff8a80; --noise: #e6b455; --unmeasured: #a2aab5; --warning: #362c14;`;

const RULES = `
*, *::before, *::after { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main > section, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 3.5rem 0 0.5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; }
h3 { margin: 0 0 0.75rem; font-size: 1.05rem; line-height: 1.35; }
p { margin: 0.5rem 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
:target { scroll-margin-top: 1rem; }
article:target { outline: 2px solid var(--link); }
ul { list-style: none; margin: 0; padding: 0; }
small { display: block; font-size: 0.8125rem; font-weight: 400; color: var(--muted); }
code { font: 0.875em/1.4 ui-monospace, monospace; }
.date, .note, .legend p { color: var(--muted); }
.note, .legend p { font-size: 0.875rem; max-width: 48rem; }
.question { max-width: 48rem; font-size: 1.0625rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)); gap: 0.75rem 2rem;
  margin: 1.5rem 0; padding: 1.25rem 0; border-block: 1px solid var(--line); }
dt { font-size: 0.8125rem; color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
nav ul, .legend ul, .counts { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; }
.legend { margin-top: 1.25rem; }
.peer { display: inline-flex; align-items: baseline; gap: 0.5em; }
.peer::before { content: ""; flex: none; width: 0.75em; height: 0.75em; border-radius: 0.2em; background: var(--peer); }
.counts { margin: 0.75rem 0 1.25rem; gap: 0.75rem; }
.counts li { flex: 1 1 8rem; max-width: 14rem; padding: 0.6rem 1rem; border-radius: 0.5rem; background: var(--surface);
  border: 1px solid var(--line); border-left: 4px solid var(--status); }
.counts b { display: block; font-size: 1.75rem; line-height: 1.2; }
.met { --status: var(--met); }
.missed { --status: var(--missed); }
.noise { --status: var(--noise); }
.unmeasured { --status: var(--unmeasured); }
.goals li { display: grid; grid-template-columns: 8.5rem minmax(0, 15rem) 1fr; gap: 0.25rem 1.25rem;
  padding: 0.6rem 0; border-bottom: 1px solid var(--line); font-size: 0.9375rem; }
.goals p { margin: 0; }
.badge { color: var(--status); font-weight: 600; white-space: nowrap; }
.cases { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 1.25rem;
  margin-top: 1.25rem; align-items: start; }
article { min-width: 0; padding: 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 0.75rem; }
figure { margin: 0 0 1rem; }
.wide { grid-column: 1 / -1; }
@media (min-width: 64rem) {
  .wide .figures { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 2rem; align-items: start; }
}
figure div { position: relative; }
figcaption { font-size: 0.8125rem; color: var(--muted); }
.scroll { overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.45rem 0 0.45rem 0.75rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line); }
th:first-child { padding-left: 0; text-align: left; }
tbody th { position: sticky; left: 0; background: var(--surface); }
th { font-weight: 500; }
thead th { font-size: 0.8125rem; color: var(--muted); vertical-align: bottom; }
td small { display: flex; justify-content: flex-end; column-gap: 0.6em; white-space: nowrap; }
td small b { font-weight: 600; color: var(--ink); }
td.reason { text-align: left; color: var(--muted); }
td.failure span { display: block; white-space: pre-wrap; overflow-wrap: anywhere; font: 0.8125rem/1.5 ui-monospace, monospace; }
td.failure b { color: var(--missed); }
.verdicts, .warnings { margin-top: 0.75rem; font-size: 0.875rem; }
.verdicts li, .warnings li { margin-top: 0.35rem; }
.warnings li { padding: 0.4rem 0.75rem; border-radius: 0.4rem; background: var(--warning); }
.warnings li::before { content: "⚠ "; }
details { margin-top: 0.75rem; font-size: 0.875rem; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
details table { margin-top: 0.5rem; font-size: 0.875rem; }
details th, details td { padding-block: 0.2rem; }
footer { padding-block: 3rem; color: var(--muted); font-size: 0.875rem; }
@media (max-width: 40rem) {
  header { padding-top: 1.5rem; }
  header, main > section, footer { padding-inline: 0.875rem; }
  article { padding: 1rem 0.875rem; }
  h2 { margin-top: 2.5rem; }
  .goals li { grid-template-columns: 1fr; }
  td small { flex-wrap: wrap; }
  dl { grid-template-columns: repeat(2, 1fr); gap: 0.75rem 1rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print { article { break-inside: avoid; } nav { display: none; } }
`;
