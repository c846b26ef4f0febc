// Run with: npx fettle run ./examples/my-task.ts --model local:smollm2-135m
import { defineTask, numeric, type Sample } from 'fettle';

const sums: [number, number][] = [
  [2, 3],
  [17, 25],
  [40, 2],
];

export default defineTask({
  name: 'sums',
  samples: (): Sample[] =>
    sums.map(([a, b]) => ({
      id: `${a}+${b}`,
      input: [{ role: 'user', content: `What is ${a} + ${b}? Answer with the number alone.` }],
      target: String(a + b),
    })),
  scorers: [numeric()],
  generation: { maxTokens: 16 },
});
