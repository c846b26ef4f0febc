import { createRandom, type Method, type PathStep, type SampleResult, type TraceStep } from '../../core/index.ts';
import { choosePath, majority } from '../../methods/index.ts';
import { meanInterval, stratifiedInterval } from '../../metrics/index.ts';
import type { EqualPoint } from '../../report/index.ts';
import type { GradeText } from './grade-texts.ts';

type Choose = (paths: readonly PathStep[]) => number | undefined;

/** How a method chooses among its paths, and whether it draws all of them whatever they say. */
interface PathMethod {
  readonly n: number;
  readonly whole: boolean;
  readonly choose: Choose;
}

/** Undefined for a method that does not draw n paths. */
export function pathMethod({ name, options }: Pick<Method, 'name' | 'options'>): PathMethod | undefined {
  const { n } = options;
  if (typeof n !== 'number') return undefined;
  if (name === 'self-consistency') {
    return { n, whole: options['stop'] === 'none', choose: (paths) => majority(paths).winner };
  }
  if (name !== 'best-of-n') return undefined;
  const select = options['select'] === 'weighted' ? 'weighted' : 'best';
  return { n, whole: options['accept'] === undefined, choose: (paths) => choosePath(paths, select) };
}

const isPath = (step: TraceStep): step is PathStep =>
  step.type === 'path' &&
  typeof step['text'] === 'string' &&
  (step['answer'] === null || typeof step['answer'] === 'string');

/** Subsets of one size that are looked at: all where they are no more than this, else so many drawn ones. */
const subsetsAtMost = 64;

/** Every size up to 16, then ever wider steps, and n itself. */
export function sizesUpTo(n: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < n; size = size < 16 ? size + 1 : Math.ceil(size * 1.25)) sizes.push(size);
  return [...sizes, n];
}

interface Point {
  /** Means over a question's subsets, by task. */
  readonly values: Map<string, { values: number[]; clusters: string[] }>;
  tokens: number;
  questions: number;
}

/**
 * Accuracy of a method that draws n paths had it drawn fewer, out of the paths in its trace; no call is made.
 *
 * Where all n were drawn, a smaller number is the mean over subsets of that size, in the order of drawing. Where the
 * method stopped early, it is the beginning: paths that were not drawn cannot be known, and other subsets would favour
 * questions on which the method stopped late. Tokens are a question's, shared alike among its paths.
 */
export class EqualCurve {
  readonly #method: PathMethod;
  readonly #points: ReadonlyMap<number, Point>;

  constructor(method: PathMethod) {
    this.#method = method;
    this.#points = new Map(
      sizesUpTo(method.n).map((size) => [size, { values: new Map(), tokens: 0, questions: 0 }] as const),
    );
  }

  async add(result: SampleResult, grade: GradeText): Promise<void> {
    const { n, whole, choose } = this.#method;
    const paths = result.trace.filter(isPath).toSorted((a, b) => a.path - b.path);
    const grades = await Promise.all(paths.map(({ text }) => grade(result.task, result.sampleId, text)));
    const failed = result.status === 'failed' || paths.length === 0;
    if (!failed && grades.includes(null)) return;
    const used = result.usage.inputTokens + result.usage.outputTokens;
    const valueOf = (subset: readonly number[]): number => {
      const place = choose(subset.map((path) => paths[path] as PathStep));
      // Where no path holds an answer, the first stands as it is.
      return grades[subset[place ?? 0] as number] ?? 0;
    };
    for (const [size, point] of this.#points) {
      const drawn = Math.min(size, paths.length);
      let value = 0;
      if (!failed) {
        const key = `${result.task}\n${result.sampleId}\n${result.epoch}\n${size}`;
        const sets = whole && paths.length === n ? subsets(n, drawn, key) : [range(drawn)];
        value = sets.reduce((sum, subset) => sum + valueOf(subset), 0) / sets.length;
      }
      let task = point.values.get(result.task);
      if (task === undefined) point.values.set(result.task, (task = { values: [], clusters: [] }));
      task.values.push(value);
      task.clusters.push(result.group ?? `\0${result.sampleId}`);
      point.tokens += paths.length === 0 ? used : (used * drawn) / paths.length;
      point.questions += 1;
    }
  }

  /** Undefined where no question could be graded. Tasks weigh alike, as in the overall figure. */
  points(): EqualPoint[] | undefined {
    const points = [...this.#points].flatMap(([n, { values, tokens, questions }]): EqualPoint[] => {
      if (questions === 0) return [];
      const strata = [...values.values()];
      const seed = `equal ${n}`;
      const [only] = strata;
      const { accuracy, low, high } =
        strata.length === 1 && only !== undefined
          ? withMean(meanInterval(only.values, { seed, clusters: only.clusters }))
          : withValue(stratifiedInterval(strata, { seed }));
      const interval = low === null || high === null ? null : ([low, high] as const);
      return [{ n, tokensPerQuestion: tokens / questions, accuracy, interval }];
    });
    return points.length === 0 ? undefined : points;
  }
}

interface Center {
  readonly accuracy: number;
  readonly low: number | null;
  readonly high: number | null;
}

const withMean = ({ mean, low, high }: ReturnType<typeof meanInterval>): Center => ({ accuracy: mean ?? 0, low, high });
const withValue = ({ value, low, high }: ReturnType<typeof stratifiedInterval>): Center => ({
  accuracy: value ?? 0,
  low,
  high,
});

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Subsets of 0 … n − 1 of one size, each in rising order: all of them, or drawn ones where there are too many. */
export function subsets(n: number, size: number, seed: string): number[][] {
  if (choose(n, size) <= subsetsAtMost) return allSubsets(n, size);
  const random = createRandom(seed);
  const all = range(n);
  return Array.from({ length: subsetsAtMost }, () =>
    random
      .shuffle(all)
      .slice(0, size)
      .toSorted((a, b) => a - b),
  );
}

function allSubsets(n: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  const found: number[][] = [];
  for (let first = from; first <= n - size; first++) {
    for (const rest of allSubsets(n, size - 1, first + 1)) found.push([first, ...rest]);
  }
  return found;
}

function choose(n: number, size: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(size, n - size); i++) ways = (ways * (n - i + 1)) / i;
  return ways;
}
