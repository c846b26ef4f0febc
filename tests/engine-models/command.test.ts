// `fettle run … --model engine:FOLDER` from the command line: language models and dual encoders.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineEnvironment, findEngine, startEngine } from '../../src/engine/index.ts';
import { pictures } from '../clip/tiny-clip.ts';
import { fettleJson } from '../support/cli.ts';
import { engineVariables } from '../train/engine-variables.ts';
import { makeCheckpoints, testEnvironment } from './tiny-checkpoints.ts';

const data = fileURLToPath(new URL('../../../shared/data/shopping-mmlu', import.meta.url));
const engine = findEngine();
if (engine === undefined) console.warn('skipped: the engine is not set up (fettle engine setup)');
if (!existsSync(data)) console.warn(`skipped in part: there is no ${data}`);

interface Report {
  readonly models: Record<string, string>;
  readonly usage: { readonly calls: number; readonly inputTokens: number; readonly outputTokens: number };
  readonly errors: readonly unknown[];
  readonly samples: readonly { readonly id: string; readonly value: number }[];
}

describe.skipIf(engine === undefined)('fettle run --model engine:FOLDER', () => {
  let root: string;
  let folders: Record<'long-language' | 'dual-encoder', string>;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'fettle-engine-command-'));
    folders = await makeCheckpoints(engineEnvironment().python, root, ['long-language', 'dual-encoder']);
  }, 120_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  async function run(...args: string[]): Promise<Report> {
    const env = { ...engineVariables, OMP_NUM_THREADS: '1', FETTLE_HOME: join(root, 'store') };
    const { code, json, stderr } = await fettleJson<Report>(['run', ...args, '--quiet'], { cwd: root, env });
    expect(code, stderr).toBe(0);
    return json;
  }

  it('answers rows, freely and by log-likelihood', async () => {
    const rows = Array.from({ length: 12 }, (_, n) => ({
      id: `${n}`,
      input: `${'the answer is '.repeat(n)}?`,
      choices: ['an apple', 'a red car', 'a dog'],
      target: 'an apple',
    }));
    const file = join(root, 'rows.jsonl');
    await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const common = [file, '--choices-field', 'choices', '--model', `engine:${folders['long-language']}`];
    const direct = await run(...common, '--max-tokens', '5');
    expect(direct).toMatchObject({ errors: [], usage: { calls: 12 } });
    expect(direct.usage.inputTokens).toBeGreaterThan(100);
    const scored = await run(...common, '--method', 'loglikelihood');
    expect(scored).toMatchObject({ errors: [], usage: { calls: 12 } });
    expect(scored.samples).toHaveLength(12);
  });

  it.skipIf(!existsSync(data))('runs Shopping MMLU (skipped where the data is absent)', async () => {
    const tasks = ['--tasks', 'task2,task10', '--limit', '2', '--max-tokens', '3'];
    const model = `engine:${folders['long-language']}?batch=8`;
    const report = await run('shopping-mmlu', '--data', data, ...tasks, '--model', model);
    expect(report).toMatchObject({ errors: [], models: { main: model }, usage: { calls: 4 } });
  });

  it('classifies pictures as the exported model does', async () => {
    const folder = join(root, 'pictures');
    for (const [place, { bytes, name }] of pictures().entries()) {
      const own = join(folder, 'test', place % 2 === 0 ? 'apple' : 'car');
      await mkdir(own, { recursive: true });
      await writeFile(join(own, name), bytes);
    }
    await using client = await startEngine({ variables: testEnvironment });
    const checkpoint = folders['dual-encoder'];
    await client.request({ op: 'export', model: checkpoint, out: join(checkpoint, 'onnx') });
    const [ours, exported] = await Promise.all(
      [`engine:${checkpoint}`, `clip:${checkpoint}`].map((model) =>
        run('image-classes', '--data', folder, '--model', model),
      ),
    );
    expect(ours?.samples).toEqual(exported?.samples);
    expect(ours?.samples).toHaveLength(6);
  }, 180_000);
});
