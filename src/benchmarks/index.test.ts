import { expect, it } from 'vitest';
import { benchmarks, loadBenchmark } from './index.ts';

it('loads every benchmark under its own name', async () => {
  for (const entry of benchmarks) {
    const benchmark = await loadBenchmark(entry.name);
    expect([benchmark.name, benchmark.title]).toEqual([entry.name, entry.title]);
  }
});

it('names the benchmarks where it finds none', async () => {
  await expect(loadBenchmark('nothing')).rejects.toMatchObject({
    exitCode: 2,
    hint: expect.stringContaining('shopping-mmlu') as string,
  });
});
