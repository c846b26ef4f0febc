import { z } from 'zod';
import type { TraceStep } from '../core/index.ts';

const spent = z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number() });

/** What StepCo writes into the trace. Rounds of other methods, which have no steps, are shown as they are stored. */
const roundStep = z.object({
  type: z.literal('round'),
  round: z.number(),
  answer: z.string().nullable(),
  pathAnswer: z.string().nullish(),
  pathScore: z.number().nullable(),
  theta: z.number(),
  low: z.number().nullable(),
  steps: z.array(z.object({ step: z.number(), score: z.number().nullable(), state: z.string(), text: z.string() })),
  tail: z.string().optional(),
  change: z.object({ from: z.number(), removed: z.number().nullable(), added: z.number().nullable() }).nullable(),
  tokens: z.object({ solver: spent, verifier: spent }),
});

type Spent = z.output<typeof spent>;

const shown = (score: number | null): string => (score === null ? '     ' : score.toFixed(3));

function used(who: string, { calls, inputTokens, outputTokens }: Spent): string {
  return `${who} ${calls} calls, ${inputTokens} + ${outputTokens} tokens`;
}

/** One round as lines for people: what changed, each step with its score, answer and tokens. Undefined for other steps. */
export function roundText(step: TraceStep): string[] | undefined {
  const read = roundStep.safeParse(step);
  if (!read.success) return undefined;
  const { round, answer, pathAnswer, pathScore, theta, low, steps, tail, change, tokens } = read.data;
  const verdict =
    low === null ? 'no step is low' : `step ${low} is low (${shown(steps[low - 1]?.score ?? 0)} < ${theta})`;
  const lines = [`  round ${round}: ${verdict}, path ${shown(pathScore)}`];
  if (change !== null && change.added !== null) {
    lines.push(
      change.added === 0
        ? `    the reply held no step: nothing changed`
        : `    from step ${change.from} on: ${change.removed ?? 0} steps gone, ${change.added} written`,
    );
  }
  const width = String(steps.length).length;
  const indent = ' '.repeat(width + 19);
  for (const { step: number, score, state, text } of steps) {
    const head = `    ${String(number).padStart(width)}  ${shown(score)}  ${state.padEnd(4)}  `;
    lines.push(head + text.split('\n').join(`\n${indent}`));
  }
  if (tail !== undefined) lines.push(`${indent}${tail.split('\n').join(`\n${indent}`)}`);
  const own = pathAnswer === undefined || pathAnswer === answer ? '' : ` (this path: ${pathAnswer ?? 'none'})`;
  lines.push(
    `    answer ${answer ?? 'none'}${own}; ${used('solver', tokens.solver)}; ${used('verifier', tokens.verifier)}`,
  );
  return lines;
}
