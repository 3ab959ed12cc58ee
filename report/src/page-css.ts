/** The report's only style sheet. Colours have a contrast of at least 4.5:1 on their ground, in both themes. */
export const css = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --card: #ffffff; --text: #1f2328; --quiet: #5a6169; --line: #e2dfda;
  --good: #17683a; --bad: #b3261e; --open: #5a6169; --flag: #8a4b00; --flag-ground: #fff4e0;
  --link: #1d4ed8; --bar: #9aa5b1; --read: #2563eb; --write: #9333ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1b1f24; --text: #e6e8eb; --quiet: #a3abb5; --line: #30363d;
    --good: #6fcf97; --bad: #ff8a80; --open: #a3abb5; --flag: #ffc46b; --flag-ground: #2c2316;
    --link: #8ab4ff; --bar: #6b7682; --read: #6ea0ff; --write: #c08bff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
p, ul, .meaning, .sentences { max-width: 46rem; }
h1 { font-size: clamp(1.7rem, 5vw, 2.6rem); line-height: 1.15; margin: .25rem 0 1rem; letter-spacing: -.02em; text-wrap: balance; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3.5rem 0 .75rem; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 0 0 .25rem; }
a { color: var(--link); text-underline-offset: .15em; }
small, .when, .legend, .raw, figcaption { color: var(--quiet); font-size: .875rem; }
.when { margin: 0; }
.lead { font-size: 1.2rem; line-height: 1.5; }
code { font: .85em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.command { display: block; user-select: all; white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem .8rem; margin-top: .3rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.aloud { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.surprise { margin-top: 1.5rem; padding: 1rem 1.25rem; border: 1px solid var(--flag); border-radius: .6rem; background: var(--flag-ground); }
.surprise h2 { margin: 0; font-size: 1.05rem; }
.surprise ul { margin: .4rem 0 0; padding-left: 1.2rem; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; max-width: none; }
.legend span { display: inline-flex; align-items: center; gap: .4rem; }

.strip { margin: 1.1rem 0 1rem; }
.strip figcaption { margin-bottom: .35rem; }
.strip strong { color: var(--text); margin-right: .4rem; }
.strip div { display: flex; flex-wrap: wrap; gap: .3rem; }
.visit {
  display: inline-grid; place-items: center; width: 1.5rem; height: 1.5rem; border-radius: 50%;
  font: 600 .75rem/1 system-ui, sans-serif; color: #fff; background: var(--dyno, var(--quiet));
  border: 2px solid var(--dyno, var(--quiet)); font-style: normal; print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
.visit.lost, .visit.failed { position: relative; color: var(--text); background: none; }
b.between { align-self: center; padding: 0 .35rem; font-weight: 400; font-size: .8rem; color: var(--quiet); }
.visit.lost::after, .visit.failed::after {
  content: ""; position: absolute; inset: -2px; border-radius: 50%;
  background: linear-gradient(to top right, transparent calc(50% - 1.25px), var(--bad) calc(50% - 1.25px) calc(50% + 1.25px), transparent calc(50% + 1.25px));
}

.scroll { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; }
.answers { width: 100%; border-collapse: separate; border-spacing: 0; }
.answers th, .answers td { padding: .6rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.answers tr:last-child > * { border-bottom: 0; }
.answers thead th { white-space: nowrap; vertical-align: bottom; }
.answers thead small { display: block; font-weight: 400; }
.answers tbody th { font-weight: 400; min-width: 11rem; max-width: 19rem; }
.answers tbody th a { color: inherit; text-decoration-color: var(--line); }
.answers th:first-child { position: sticky; left: 0; background: var(--card); }
.answers td.odd { background: var(--flag-ground); }
.answers td { min-width: 7.5rem; line-height: 1.4; }
.mark.works { color: var(--good); }
.mark.breaks { color: var(--bad); }
.mark.open, .open + span { color: var(--open); }
.flag { color: var(--flag); }
.sentences { margin: 1.5rem 0 0; max-width: none; }
.sentences div, .meaning div { display: grid; grid-template-columns: 10rem 1fr; gap: 0 1rem; padding: .35rem 0; }
.sentences dt { font-weight: 600; }
dl { margin: .5rem 0; }
dd { margin: 0; max-width: 46rem; }
.meaning div { grid-template-columns: 5rem 1fr; padding: .1rem 0; }

.cost { margin: 1.25rem 0 0; }
.cost svg { display: block; width: 100%; height: auto; max-width: 52rem; overflow: visible; }
.cost text { font: 13px system-ui, sans-serif; fill: var(--text); }
.cost .quiet { fill: var(--quiet); }
.cost .grid { stroke: var(--line); }
.cost .plain { fill: var(--bar); stroke: var(--bar); }
.cost .read { fill: var(--read); stroke: var(--read); }
.cost .write { fill: var(--write); stroke: var(--write); }
.swatch { display: inline-block; width: .8rem; height: .8rem; border-radius: .2rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.swatch.plain { background: var(--bar); } .swatch.read { background: var(--read); } .swatch.write { background: var(--write); }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--quiet); }
.fit { width: fit-content; max-width: 100%; margin-top: .5rem; }
.numbers th, .numbers td { padding: .3rem .9rem; text-align: left; font-weight: 400; white-space: nowrap; }
.numbers thead th { color: var(--quiet); }
.numbers [scope="rowgroup"] { font-weight: 600; vertical-align: top; }
.numbers tr:has([scope="rowgroup"]) > * { border-top: 1px solid var(--line); }
.facts th, .facts td { padding: .3rem .9rem .3rem 0; text-align: left; font-weight: 400; vertical-align: top; }
.numbers td { text-align: right; font-variant-numeric: tabular-nums; }
.facts th { color: var(--quiet); white-space: nowrap; }

article { padding: 1.4rem 0; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
article p { margin: .25rem 0 .6rem; }
article:target h3 { text-decoration: underline; text-underline-offset: .2em; }
.reasons { margin: .5rem 0; padding-left: 1.2rem; }
.raw span { margin-right: .8rem; }

@media (max-width: 40rem) {
  main { padding-top: 1.5rem; }
  .sentences div { grid-template-columns: 1fr; }
  .answers tbody th { min-width: 8.5rem; max-width: 8.5rem; font-size: .82rem; }
  .cost text { font-size: 23px; }
  .numbers th, .numbers td { padding: .3rem .5rem; }
  .answers thead th:first-child { min-width: 8.5rem; }
}
@media print {
  :root { --ground: #fff; --card: #fff; --text: #000; --quiet: #444; --line: #bbb; --good: #17683a; --bad: #b3261e; --open: #444; --link: #000; --flag: #8a4b00; --flag-ground: #fff; --bar: #9aa5b1; --read: #2563eb; --write: #9333ea; }
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  .scroll { overflow: visible; border: 0; }
  .answers { font-size: 8pt; } .answers td.odd { background: var(--flag-ground); }
.answers td { min-width: 0; } .answers th, .answers td { padding: .3rem .35rem; }
  .answers thead th { white-space: normal; }
  article, figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;
