import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { fettleJson, temporaryFolder } from '../support/cli.ts';
import { engineVariables, noEngine } from './engine-variables.ts';

if (noEngine) console.warn('Not training anything: there is no engine. `fettle engine setup` makes one.');

interface ForgetRetain {
  readonly forget: number;
  readonly retain: number;
}

interface Demo {
  readonly before: ForgetRetain;
  readonly after: ForgetRetain;
  readonly retrained: ForgetRetain;
  readonly report: string;
}

it.skipIf(noEngine)(
  'trains a tiny CLIP on drawn pictures, forgets a class as the retrained model does, and keeps the rest',
  async () => {
    const out = temporaryFolder();
    const args = ['train', 'cliperase', '--demo', '--quiet', '--out', out];
    const options = { env: { ...engineVariables, XDG_CACHE_HOME: temporaryFolder() } };
    const { json: first, code } = await fettleJson<Demo>(args, options);
    expect(code).toBe(0);
    const { before, after, retrained, report } = first;
    expect(before.forget).toBeGreaterThanOrEqual(70);
    expect(before.retain).toBeGreaterThanOrEqual(80);
    // 50 test pictures of the class: the retrained model gets a few right by chance.
    expect(after.forget).toBeLessThanOrEqual(4);
    expect(after.forget).toBeLessThanOrEqual(retrained.forget + 4);
    expect(retrained.forget).toBeLessThanOrEqual(20);
    expect(after.retain).toBeGreaterThanOrEqual(0.97 * before.retain);
    expect(after.retain).toBeGreaterThanOrEqual(0.97 * retrained.retain);
    const page = await readFile(report, 'utf8');
    expect(page).toContain('Ablation');
    expect(page).toContain('the exported ONNX model, run without Python, gets the same number of test items right');

    // Everything is taken up: the same figures, and nothing is trained.
    const { json: again } = await fettleJson<Demo>(args, options);
    expect(again).toEqual(first);
  },
  900_000,
);
