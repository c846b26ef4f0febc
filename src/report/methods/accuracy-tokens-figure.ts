import { scaleLinear, scaleLog } from 'd3-scale';
import stringWidth from 'string-width';
import { formatCompact, formatScore } from '../format.ts';
import { html, type Markup, trusted } from '../html/markup.ts';
import { shortName, visibleText } from '../html/visible-text.ts';
import { type Box, placeLabels } from '../unlearning/place-labels.ts';
import { figureFileStyle } from './methods-style.ts';
import type { EqualPoint, MethodFigures, MethodsComparison } from './methods-comparison.ts';

interface Mark {
  readonly name: string;
  readonly series: number;
  readonly tokens: number;
  readonly accuracy: number;
  readonly interval: readonly [number, number] | null;
  readonly onFront: boolean;
  readonly curve: readonly EqualPoint[];
}

/** Methods with a figure and a known number of tokens; where an endpoint reports none there is nothing to draw. */
function marksOf(methods: readonly MethodFigures[]): Mark[] {
  return methods.flatMap((method, series): Mark[] => {
    const { spec, accuracy, tokensPerQuestion: tokens, interval, onFront, curve = [] } = method;
    if (accuracy === null || tokens === null || tokens <= 0) return [];
    return [{ name: spec, series: series % 6, tokens, accuracy, interval, onFront, curve: curve.filter(isDrawable) }];
  });
}

const isDrawable = ({ tokensPerQuestion }: EqualPoint): boolean => tokensPerQuestion > 0;

/** Accuracy over tokens a question, drawn for wide and for narrow pages. Null where no method has both. */
export function accuracyTokensFigure({ methods }: Pick<MethodsComparison, 'methods'>): Markup | null {
  const marks = marksOf(methods);
  if (marks.length === 0) return null;
  const curves = marks.some(({ curve }) => curve.length > 0);
  return html`<figure class="methods-figure">
    <figcaption>
      <strong>Accuracy against tokens.</strong> Tokens a question, prompts, replies and verifier together, as if each
      method had run alone; the scale is logarithmic. Lines up and down are 95 % intervals; the dashed line joins
      methods that no other beats at the same or fewer tokens.
      ${curves && 'Small points are what a method that draws several paths comes to with fewer of them.'}
    </figcaption>
    ${drawing(marks, { kind: 'wide', width: 1036, height: 460 })}
    ${drawing(marks, { kind: 'narrow', width: 330, height: 380 })}
  </figure>`;
}

/** The wide drawing as an SVG file that needs nothing else. */
export function methodsFigureFile({ methods }: Pick<MethodsComparison, 'methods'>): string {
  const marks = marksOf(methods);
  return `${drawing(marks, { kind: 'file', width: 1036, height: 460 }).text}\n`;
}

interface Canvas {
  readonly kind: 'wide' | 'narrow' | 'file';
  readonly width: number;
  readonly height: number;
}

const left = 46;
const top = 26;
const at = (value: number): string => value.toFixed(1);

/** At a fixed size, so that labels can be kept apart. */
function drawing(marks: readonly Mark[], { kind, width, height }: Canvas): Markup {
  const [right, bottom] = [width - 10, height - 44];
  const tokens = marks.flatMap(({ tokens: own, curve }) => [own, ...curve.map((point) => point.tokensPerQuestion)]);
  const values = marks.flatMap(({ accuracy, interval, curve }) => [
    accuracy,
    ...(interval ?? []),
    ...curve.map((point) => point.accuracy),
  ]);
  const [least, most] = [Math.min(...tokens, Infinity), Math.max(...tokens, -Infinity)];
  const known = marks.length > 0;
  const x = scaleLog(known ? [least / 1.3, most * 1.3] : [1, 1000], [left + 4, right]);
  const y = scaleLinear(domainOf(values), [bottom, top]);
  const front = marks.filter(({ onFront }) => onFront).toSorted((a, b) => a.tokens - b.tokens);
  const lines = [
    front.map((mark) => [x(mark.tokens), y(mark.accuracy)] as const),
    ...marks.map(({ curve }) => curve.map((point) => [x(point.tokensPerQuestion), y(point.accuracy)] as const)),
  ];
  const names = marks.map(({ name }) => visibleText(shortName(name, kind === 'narrow' ? 24 : 44)));
  const labels = placeLabels(
    marks.map((mark, i) => ({ x: x(mark.tokens), y: y(mark.accuracy), width: 7 * stringWidth(names[i] as string) })),
    { x: left + 2, y: top, width: right - left - 2, height: bottom - top },
    [...marks.flatMap((mark) => obstaclesOf(mark, x, y)), ...lines.flatMap(boxesAlong)],
  );
  const description = `Accuracy against tokens a question: ${marks.map(inWords).join('; ')}`;
  const file = kind === 'file';
  return html`<svg${file && html` xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"`} class="${kind}" role="img" aria-label="${description}" width="${width}" height="${height}">
    ${
      file &&
      html`<style>
          ${trusted(figureFileStyle)}
        </style>
        <rect class="paper" width="${width}" height="${height}" />`
    }
    <title>${description}</title>
    ${y.ticks(6).map((tick) => html`<line class="grid" x1="${left}" x2="${right}" y1="${at(y(tick))}" y2="${at(y(tick))}" /><text x="${left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${y.tickFormat(6)(tick)}</text>`)}
    ${ticksOf(x, kind === 'narrow' ? 4 : 9).map((tick) => html`<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${top}" y2="${bottom}" /><text x="${at(x(tick))}" y="${bottom + 17}" text-anchor="middle">${formatCompact(tick)}</text>`)}
    <text x="${left - 40}" y="${top - 11}">↑ accuracy</text>
    <text x="${right}" y="${bottom + 36}" text-anchor="end">tokens a question (logarithmic) →</text>
    ${front.length > 1 && html`<path class="front" d="${pathOf(front.map((mark) => [x(mark.tokens), y(mark.accuracy)]))}" />`}
    ${marks.map((mark) => curveOf(mark, x, y))}
    ${marks.map((mark, i) => markOf(mark, names[i] as string, labels[i] as (typeof labels)[number], x, y))}
    ${!known && html`<text x="${width / 2}" y="${height / 2}" text-anchor="middle">No method has both an accuracy and a number of tokens.</text>`}
  </svg>`;
}

type Position = (value: number) => number;

/** Room above and below; within 0 and 1 where all values lie there. */
function domainOf(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = Math.max(0.02, (high - low) * 0.08);
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high <= 1 ? Math.min(1.02, high + pad) : high + pad];
}

/** Round numbers: 1, 2 and 5 times powers of ten, as many as there is room for. */
function ticksOf(x: Position & { ticks(count?: number): number[] }, atMost: number): number[] {
  const leading = (tick: number): number => Number(tick.toExponential().split('e')[0]);
  const all = x.ticks();
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const found = all.filter((tick) => steps.includes(leading(tick)));
    if (found.length >= 2 && found.length <= atMost) return found;
  }
  return all.filter((_, i) => i % Math.ceil(all.length / atMost) === 0);
}

function obstaclesOf({ tokens, interval, curve }: Mark, x: Position, y: Position): Box[] {
  const dots = curve.map((point) => ({
    x: x(point.tokensPerQuestion) - 4,
    y: y(point.accuracy) - 4,
    width: 8,
    height: 8,
  }));
  if (interval === null) return dots;
  return [...dots, { x: x(tokens) - 2, y: y(interval[1]), width: 4, height: y(interval[0]) - y(interval[1]) }];
}

/** Small boxes along a line, so that labels keep off it where they can. */
function boxesAlong(points: readonly (readonly [number, number])[]): Box[] {
  return points.flatMap(([px, py], i): Box[] => {
    const [nx, ny] = points[i + 1] ?? [px, py];
    const count = Math.floor(Math.hypot(nx - px, ny - py) / 8);
    return Array.from({ length: count }, (_, k) => {
      const share = (k + 0.5) / count;
      return { x: px + share * (nx - px) - 1, y: py + share * (ny - py) - 1, width: 2, height: 2 };
    });
  });
}

const pathOf = (points: readonly (readonly [number, number])[]): string =>
  points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${at(px)} ${at(py)}`).join('');

function curveOf({ series, curve }: Mark, x: Position, y: Position): Markup | null {
  if (curve.length === 0) return null;
  const points = curve.map(({ tokensPerQuestion, accuracy }) => [x(tokensPerQuestion), y(accuracy)] as const);
  return html`<g class="series-${series}">
    <path class="equal" d="${pathOf(points)}" />
    ${curve.map(({ n, accuracy }, i) => html`<circle class="fewer" cx="${at(points[i]?.[0] ?? 0)}" cy="${at(points[i]?.[1] ?? 0)}" r="2.5"><title>n = ${n}: ${formatScore(accuracy)}</title></circle>`)}
  </g>`;
}

function markOf(
  mark: Mark,
  name: string,
  label: { readonly x: number; readonly y: number; readonly far: boolean },
  x: Position,
  y: Position,
): Markup {
  const [px, py] = [x(mark.tokens), y(mark.accuracy)];
  const width = 7 * stringWidth(name);
  // A leader ends at the nearer end of its label.
  const end = px < label.x ? label.x - 2 : px > label.x + width ? label.x + width + 2 : px;
  const edge = end === px ? label.y + (py > label.y ? 8 : -8) : label.y;
  const { interval } = mark;
  return html`<g class="series-${mark.series} method${mark.onFront ? ' on-front' : ''}">
    ${interval !== null && html`<line class="whisker" x1="${at(px)}" x2="${at(px)}" y1="${at(y(interval[0]))}" y2="${at(y(interval[1]))}" />`}
    ${label.far && html`<line class="leader" x1="${at(px)}" y1="${at(py)}" x2="${at(end)}" y2="${at(edge)}" />`}
    <circle class="dot" cx="${at(px)}" cy="${at(py)}" r="5.5" />
    <text x="${at(label.x)}" y="${at(label.y + 4)}">${name}</text>
  </g>`;
}

function inWords({ name, tokens, accuracy, interval }: Mark): string {
  const range = interval === null ? '' : ` (${interval.map((end) => formatScore(end)).join(' to ')})`;
  return `${shortName(name, 60)} ${formatScore(accuracy)}${range} at ${formatCompact(tokens)}`;
}
