interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly series: string;
}

/** Marks of the figure, on a page and in a file of its own. */
const marks = ({ paper, ink, muted, series }: Palette): string => `
.method text { fill: ${ink}; paint-order: stroke; stroke: ${paper}; stroke-width: 3px; }
.on-front text { font-weight: 700; }
.front { fill: none; stroke: ${muted}; stroke-width: 1.25; stroke-dasharray: 4 4; }
.leader { stroke: ${muted}; stroke-width: 1; opacity: .7; }
${colours(series)}`;

const colours = (series: string, within = ''): string => `
${within}.equal { fill: none; stroke: ${series}; stroke-width: 1.5; opacity: .55; }
${within}.fewer { fill: ${series}; opacity: .75; }`;

/** Rules of the report of methods alone; stands behind those of reports. */
export const methodsStyle = `
${marks({ paper: 'var(--paper)', ink: 'var(--ink)', muted: 'var(--muted)', series: 'var(--series)' })}
tbody th { min-width: 12rem; }
.methods-figure .narrow { display: none; }
.methods-figure .wide { max-width: 100%; }
@media (max-width: 68rem) {
  .methods-figure .wide { display: none; }
  .methods-figure .narrow { display: block; margin: 0 auto; max-width: 100%; }
}
`;

/** As in the report's style sheet. */
const seriesColours = ['#0072b2', '#d55e00', '#009e73', '#b85c94', '#8a6d00', '#3a8fc4'];
const light: Palette = { paper: '#fff', ink: '#1b1f24', muted: '#5d6670', series: '#0072b2' };

/** All that a figure in a file of its own needs. Without variables, which many programs that read SVG do not know. */
export const figureFileStyle = `
svg { font-family: system-ui, 'DejaVu Sans', sans-serif; }
text { fill: ${light.muted}; font-size: 12px; }
.paper { fill: ${light.paper}; }
.grid { stroke: #e3e7ea; }
.whisker { stroke-width: 2; opacity: .55; stroke-linecap: round; }
.dot { stroke: ${light.paper}; stroke-width: 1.5; }
${marks(light)}
${seriesColours
  .map(
    (colour, i) =>
      `.series-${i} .dot { fill: ${colour}; } .series-${i} .whisker { stroke: ${colour}; }${colours(colour, `.series-${i} `)}`,
  )
  .join('\n')}
`;
