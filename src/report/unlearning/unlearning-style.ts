/** Rules of the unlearning report alone; stands behind those of reports and of curves. */
export const unlearningStyle = `
.trade-off .narrow { display: none; }
.trade-off .wide { max-width: 100%; }
.trade-off .dot { stroke-width: 2; }
.trade-off .original .dot { fill: var(--paper); stroke: var(--series); }
.trade-off .gold-standard .dot { fill: none; stroke: var(--series); stroke-width: 2.5; }
.trade-off .swatch.series-ink { background: var(--ink); }
.trade-off .seed { fill: var(--series); opacity: .45; }
.trade-off .arm text { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.trade-off .method text { font-weight: 700; }
.sweep path { fill: none; stroke: var(--series); stroke-width: 1.5; opacity: .6; }
.sweep circle { fill: var(--series); }
.sweep circle.own { fill: var(--paper); stroke: var(--series); stroke-width: 2.5; }
.sweep g text { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.leader { stroke: var(--muted); stroke-width: 1; opacity: .7; }
.target { fill: var(--good); opacity: .13; }
.ideal { fill: none; stroke: var(--good); stroke-width: 3; }
.class-changes .interval-row { grid-template-columns: minmax(5rem, 8rem) minmax(0, 1fr) 5.5rem; }
.near { color: var(--warn); font-size: .8rem; }
td .interval { font-size: .85em; margin-left: .25rem; }
@media (max-width: 40rem) { .class-changes .interval-row { grid-template-columns: minmax(0, 1fr) auto; } }
@media (max-width: 68rem) {
  .trade-off .wide { display: none; }
  .trade-off .narrow { display: block; margin: 0 auto; max-width: 100%; }
}
`;
