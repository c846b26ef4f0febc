// Selection rules and the loop replayed on paths whose steps others have labelled: Math-Shepherd's marks, PRM800K's
// ratings, and trees of Monte-Carlo values.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRandom, messageText, type MethodContext, type Model, type Sample } from '../../src/core/index.ts';
import { bestPath, createMethod, firstLow, parseSteps, pathScore, renderTags } from '../../src/methods/index.ts';

const folder = fileURLToPath(new URL('../../../shared/data/stepco/prm-samples', import.meta.url));
const here = existsSync(folder);
if (!here) console.warn('the labelled paths are not at ../shared/data/stepco/prm-samples: no rule is replayed on them');

function rows<T>(name: string): T[] {
  if (!here) return [];
  const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

interface Node {
  readonly text: string;
  readonly mc_value: number;
  readonly children: readonly Node[];
}

/** All ways from the root's children to a leaf. */
function paths(node: Node): Node[][] {
  if (node.children.length === 0) return [[]];
  return node.children.flatMap((child) => paths(child).map((rest) => [child, ...rest]));
}

const trees = rows<{ readonly question: string; readonly reasoning_steps: Node }>('samples-math-aps-tree.jsonl');

describe.skipIf(!here)('marks of Math-Shepherd', () => {
  it('name the first low step', () => {
    const found = rows<{ readonly label: string }>('samples-math-shepherd.jsonl').map(({ label }) => {
      const scores = label.split('\n').map((line) => (line.endsWith('+') ? 1 : 0));
      return firstLow(scores, 0.5);
    });
    // Read from the file by eye: the fifth step of five, twice the first, …
    expect(found).toEqual([4, 0, 0, 0, 1, 0, 0]);
  });
});

describe.skipIf(!here)('ratings of PRM800K', () => {
  interface Row {
    readonly label: {
      readonly steps: readonly {
        readonly completions: readonly { readonly text: string; readonly rating: number }[] | null;
        readonly chosen_completion: number | null;
      }[];
    };
  }

  it('name the first low step of the first completions, a neutral rating passing', () => {
    const found = rows<Row>('samples-prm800k.jsonl').map(({ label }) => {
      const ratings = label.steps.flatMap(({ completions }) => completions?.[0]?.rating ?? []);
      return firstLow(
        ratings.map((rating) => (rating + 1) / 2),
        0.5,
      );
    });
    expect(found).toEqual([1, 6, null, 5, 7, null]);
  });
});

describe.skipIf(!here)('trees of Monte-Carlo values', () => {
  it('give the best path by each rule as counting over all paths does', () => {
    expect(trees).toHaveLength(3);
    for (const { reasoning_steps: root } of trees) {
      const values = paths(root).map((path) => path.map((node) => node.mc_value));
      expect(values.length).toBeGreaterThan(5);
      const sum = (path: readonly number[]): number => path.reduce((total, value) => total + value, 0);
      const by = {
        min: (path: readonly number[]) => path.toSorted((a, b) => a - b)[0] ?? 0,
        mean: (path: readonly number[]) => sum(path) / path.length,
        last: (path: readonly number[]) => path[path.length - 1] ?? 0,
      } as const;
      for (const rule of ['min', 'mean', 'last'] as const) {
        const scores = values.map((path) => pathScore(path, rule));
        const best = Math.max(...values.map(by[rule]));
        expect(scores[bestPath(scores, 'first')]).toBe(best);
        expect(bestPath(scores, 'first')).toBe(values.findIndex((path) => by[rule](path) === best));
        expect(bestPath(scores, 'latest')).toBe(values.findLastIndex((path) => by[rule](path) === best));
      }
    }
  });

  it('lead the loop from a wrong leaf to a right sibling, with all steps before kept', async () => {
    let replayed = 0;
    for (const { question, reasoning_steps: root } of trees) {
      for (const wrong of paths(root)) {
        const low = firstLow(
          wrong.map((node) => node.mc_value),
          0.5,
        );
        if (low === null) continue;
        const parent = low === 0 ? root : wrong[low - 1];
        const right = parent?.children.find((node) => node.mc_value >= 0.5 && node.children.length === 0);
        if (right === undefined) continue;
        replayed += 1;
        await replay(question, root, wrong, low, right);
      }
    }
    expect(replayed).toBeGreaterThan(3);
  });
});

async function replay(question: string, root: Node, wrong: readonly Node[], low: number, right: Node): Promise<void> {
  const texts = wrong.map((node) => node.text.trim());
  const replies = [renderTags(texts), renderTags([right.text.trim()], low + 1)];
  const labelled = new Map<string, number>();
  for (const path of paths(root)) for (const node of path) labelled.set(node.text.trim(), node.mc_value);
  const steps: string[][] = [];
  const main: Model = {
    id: 'labels',
    identity: 'labels',
    endpoint: 'labels',
    generate: async () => ({ text: replies.shift() ?? '', finishReason: 'stop', usage: {} }),
    async loglikelihood({ messages }) {
      const step = (
        messages
          .map(messageText)
          .join('')
          .split(/(?:^|\n| )Step \d+: /)
          .at(-1) ?? ''
      ).replace(/ ки$/, '');
      const p = labelled.get(step);
      if (p === undefined) throw new Error(`a step without a label: ${step}`);
      return { continuations: [p, 1 - p].map((share) => ({ logprob: Math.log(share), tokens: 1 })), usage: {} };
    },
  };
  const context: MethodContext = {
    models: { main },
    random: createRandom('x'),
    settings: {},
    extract: (text) => text,
    trace: (step) => {
      if (step.type === 'round') steps.push((step['steps'] as { text: string }[]).map(({ text }) => text));
    },
    signal: new AbortController().signal,
  };
  const sample: Sample = { id: 's', input: [{ role: 'user', content: question }], target: '' };
  const answer = await createMethod('stepco:verify=prm,extract=never,reply=path').solve(sample, context);
  expect(answer.metadata).toMatchObject({ accepted: true, rounds: 1 });
  expect(steps).toEqual([texts, [...texts.slice(0, low), right.text.trim()]]);
  expect(parseSteps(answer.text).steps).toEqual(steps[1]);
}
