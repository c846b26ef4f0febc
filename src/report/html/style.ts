/**
 * The report's style sheet. Colours of runs are Okabe and Ito's (Color Universal Design, 2008), told apart also
 * without colour vision; verdicts carry their word, not their colour alone.
 */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --muted: #5d6670; --line: #d9dee3; --faint: #eef1f4; --panel: #f7f9fa;
  --accent: #0b5f94; --bad: #a8410a; --good: #1d6b4a; --warn: #8a5a00;
  --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #b85c94; --s4: #8a6d00; --s5: #3a8fc4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e6e9ec; --muted: #9aa5b0; --line: #343b42; --faint: #22272c; --panel: #1b1f23;
    --accent: #79b8e6; --bad: #f0915b; --good: #62c39a; --warn: #e0b252;
    --s0: #56a8e0; --s1: #f08a4b; --s2: #3cc79b; --s3: #dd93bf; --s4: #e0c04a; --s5: #8cc9f0;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 68rem; padding: 2.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 .35rem; letter-spacing: -.015em; }
h2 { font-size: 1.3rem; margin: 3rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); letter-spacing: -.01em; }
h3 { font-size: 1.02rem; margin: 1.75rem 0 .5rem; }
p { margin: .4rem 0; }
a { color: var(--accent); }
.eyebrow { color: var(--muted); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; margin: 0 0 .5rem; }
.subtitle { color: var(--muted); margin: 0 0 1.5rem; }
.lead { max-width: 46rem; }
.muted { color: var(--muted); }
.small { font-size: .85rem; max-width: 52rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0 1.5rem; }
.tile { border: 1px solid var(--line); border-radius: 8px; padding: .8rem .9rem .6rem; background: var(--panel); min-width: 0; }
.tile p { margin: 0; }
.tile-name { color: var(--muted); font-size: .85rem; }
.tile-score { font-size: 1.65rem; font-weight: 650; line-height: 1.2; letter-spacing: -.02em; }
.tile.overall { border-color: var(--ink); }
.tile-interval { color: var(--muted); font-size: .85rem; min-height: 1.3em; }
.tile-note { color: var(--warn); font-size: .8rem; }
.tile .grid { display: none; }
.tile .track { background: linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat; }

.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .6rem 1.5rem; margin: 0 0 1rem; }
.facts dt { color: var(--muted); font-size: .8rem; }
.facts dd { margin: 0; }
.command-title { color: var(--muted); font-size: .8rem; margin: 1rem 0 .2rem; }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .875em; }
pre { white-space: pre-wrap; margin: .2rem 0; unicode-bidi: plaintext; }
.command { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; }

.legend { list-style: none; margin: .5rem 0 1rem; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; }
.swatch { display: inline-block; width: .75rem; height: .75rem; border-radius: 50%; margin-right: .45rem; background: var(--series); }
.series-0 { --series: var(--s0); } .series-1 { --series: var(--s1); } .series-2 { --series: var(--s2); }
.series-3 { --series: var(--s3); } .series-4 { --series: var(--s4); } .series-5 { --series: var(--s5); }
b[class^=series] { color: var(--series); margin-right: .5rem; }

figure { margin: 1.25rem 0 1.75rem; }
figcaption { margin-bottom: .5rem; color: var(--muted); font-size: .9rem; }
figcaption strong { color: var(--ink); font-weight: 600; }
.interval-row { display: grid; grid-template-columns: minmax(7rem, 14rem) minmax(0, 1fr) 10rem; gap: 0 1rem; align-items: center; }
.interval-row > .label { grid-column: 1; line-height: 1.25; padding: .1rem 0; font-size: .93rem; }
.interval-row > .track { grid-column: 2; grid-row: 1; }
.interval-row > .figure-text { grid-column: 3; grid-row: 1; font-size: .88rem; white-space: nowrap; }
.figure-text .muted { margin-left: .3rem; }
.interval-row.row > .label { padding-left: .9rem; }
.interval-row.heading { margin-top: .35rem; }
.interval-row.heading > .label { font-weight: 650; }
.small-multiples .interval-row.row > .label, .shares .interval-row.row > .label { padding-left: 0; }
/* Every row is a grid of its own: widths in the last column must not depend on its text. */
.shares .interval-row { grid-template-columns: minmax(7rem, 14rem) minmax(0, 1fr) 14.5rem; }
.small-multiples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 3rem; }
.small-multiples .interval-row { grid-template-columns: minmax(5rem, 9rem) minmax(0, 1fr) 7rem; }
svg { display: block; overflow: visible; }
svg text { fill: var(--muted); font-size: 12px; }
.grid { stroke: var(--faint); }
.reference { stroke: var(--muted); stroke-dasharray: 3 3; }
.axis-line { stroke: var(--line); }
.whisker { stroke: var(--series); stroke-width: 2; opacity: .55; stroke-linecap: round; }
.dot { fill: var(--series); stroke: var(--paper); stroke-width: 1.5; }
.heading .dot { r: 5.5px; }
.heading .whisker { stroke-width: 3; }
.bar { fill: var(--s0); opacity: .8; }
.share.unparsed, .key.unparsed { fill: var(--s4); background: var(--s4); }
.share.failed, .key.failed { fill: var(--s1); background: var(--s1); }
.key { display: inline-block; width: .7rem; height: .7rem; margin-left: .6rem; }

.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; overflow-wrap: normal; }
caption { text-align: left; color: var(--muted); font-size: .85rem; padding-bottom: .4rem; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--faint); }
thead th { color: var(--muted); font-weight: 500; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 400; min-width: 8rem; overflow-wrap: anywhere; }
td:nth-child(2) { overflow-wrap: anywhere; min-width: 5rem; }
th:first-child, td:first-child { padding-left: 0; }
.number { text-align: right; white-space: nowrap; }
tr.group th, tr.group td { font-weight: 650; border-bottom-color: var(--line); }
tr.group td.muted { font-weight: 400; }
tr.task th { padding-left: .9rem; }
tfoot tr.group th, tfoot tr.group td { border-top: 2px solid var(--line); border-bottom: 0; }
.score { font-weight: 600; }
.interval { color: var(--muted); font-weight: 400 !important; }

.remarks li, .warnings li { margin: .3rem 0; }
.errors { color: var(--bad); } .warnings { color: var(--warn); }
.errors .where { font-weight: 600; }
.plain { padding-left: 1.1rem; font-size: .9rem; color: var(--muted); }

#filters { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; align-items: end; margin: 1rem 0; padding: .8rem; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; font-size: .9rem; }
#filters label { display: grid; gap: .15rem; color: var(--muted); min-width: 0; }
#filters label.check { display: inline-flex; gap: .3rem; align-items: center; margin-right: .8rem; color: var(--ink); }
#filters fieldset { border: 0; padding: 0; margin: 0; min-width: 0; }
#filters legend { color: var(--muted); padding: 0; }
#filters input[type=search], #filters select { font: inherit; padding: .3rem .5rem; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); color: var(--ink); max-width: 100%; width: 14rem; }
#shown { margin: 0 0 .2rem auto; color: var(--muted); }
.sample { border-bottom: 1px solid var(--line); }
.sample summary { display: grid; grid-template-columns: 6rem minmax(0, 1fr) auto; gap: .8rem; padding: .45rem .2rem; cursor: pointer; align-items: baseline; list-style: none; }
.sample summary::-webkit-details-marker { display: none; }
.sample summary:hover { background: var(--panel); }
.sample[open] summary { font-weight: 600; }
.sample-name .muted { font-weight: 400; margin-left: .5rem; font-size: .88rem; }
.verdict { font-size: .78rem; font-weight: 600; border-radius: 999px; padding: .05rem .55rem; justify-self: start; border: 1px solid currentColor; white-space: nowrap; color: var(--muted); }
.is-failed, .is-broken, .is-wrong { color: var(--bad); } .is-unparsed, .is-partial { color: var(--warn); } .is-right { color: var(--good); }
.is-failed, .is-broken { border-style: double; border-width: 3px; padding: 0 .45rem; }
.sample dl { margin: .3rem 0 1.2rem; display: grid; gap: .7rem; }
.sample dl > div { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: .8rem; }
.sample dt { color: var(--muted); font-size: .85rem; padding-top: .15rem; }
.sample dd { margin: 0; min-width: 0; }
.sample pre { background: var(--panel); border-radius: 6px; padding: .5rem .7rem; max-height: 24rem; overflow: auto; }
.role { color: var(--muted); font-size: .8rem; margin: .3rem 0 0; }
.shown-picture { max-width: 100%; height: auto; margin: 0 .5rem .5rem 0; border: 1px solid var(--line); border-radius: 6px; background: #fff; vertical-align: top; }
.picture { border: 1px dashed var(--line); border-radius: 6px; padding: .5rem .7rem; color: var(--muted); font-size: .85rem; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .85rem; }

@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.6rem; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .5rem; }
  .tile.overall { grid-column: 1 / -1; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem 1rem; font-size: .93rem; }
  .interval-row, .shares .interval-row, .small-multiples .interval-row { grid-template-columns: minmax(0, 1fr) auto; gap: 0 .75rem; }
  .interval-row > .label { grid-row: 1; }
  .interval-row > .figure-text { grid-column: 2; }
  .interval-row > .track { grid-column: 1 / -1; grid-row: 2; }
  .interval-row.row { margin-bottom: .25rem; }
  .interval-row.row > .label { padding-left: 0; }
  .interval-row.heading { border-top: 1px solid var(--line); padding-top: .3rem; }
  .interval-row.axis > .label, .interval-row.axis > .figure-text { display: none; }
  .sample summary { grid-template-columns: auto minmax(0, 1fr) auto; gap: .5rem; }
  .sample dl > div { grid-template-columns: minmax(0, 1fr); gap: .1rem; }
  #filters label, #filters fieldset { width: 100%; }
  #filters label.check { width: auto; }
  #filters input[type=search], #filters select { width: 100%; }
  #shown { margin-left: 0; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root {
    color-scheme: light; --paper: #fff; --ink: #000; --muted: #444; --line: #bbb; --faint: #e6e6e6; --panel: #fff;
    --accent: #000; --bad: #8a3000; --good: #0a5a38; --warn: #6b4700;
    --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #b85c94; --s4: #8a6d00; --s5: #3a8fc4;
  }
  html { font-size: 12px; }
  body { max-width: none; padding: 0; font-size: 1rem; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { break-after: avoid; margin-top: 1.6rem; } h3, figcaption, caption, thead { break-after: avoid; }
  .tile, tr, .interval-row, .histogram, .sample summary, .facts > div { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
  .facts { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .small-multiples { grid-template-columns: 1fr 1fr; gap: 0 2rem; }
  table { font-size: .85rem; } th, td { padding: .18rem .35rem; }
  #filters { display: none !important; }
  .sample pre { max-height: none; overflow: visible; border: 1px solid var(--line); }
}
`;
