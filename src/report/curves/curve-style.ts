/** Rules for curves over training steps; stands behind the report's own style sheet. */
export const curveStyle = `
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 0 2rem; }
.panels figure { margin: .75rem 0; }
.plot { display: grid; grid-template-columns: 3.2rem minmax(0, 1fr); gap: .5rem; }
.curve { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.curve.thin { stroke-width: 1; opacity: .3; }
.kept { fill: var(--paper); stroke: var(--series); stroke-width: 1.75; }
.series-ink { --series: var(--ink); }
.key-line { display: inline-block; width: 1.1rem; height: 0; border-top: 3px solid var(--series); vertical-align: middle; margin-right: .45rem; }
.key-kept { display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; border: 2px solid var(--muted); margin-right: .45rem; }
details > summary { cursor: pointer; }
details.fold { border-top: 1px solid var(--line); padding: .5rem 0; }
details.fold > summary { font-weight: 600; }
svg.lines { overflow: hidden; }
@media print { .panels { grid-template-columns: 1fr 1fr; } .curves { break-inside: avoid; } }
`;
