import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { engineVariables, noEngine } from './engine-variables.ts';

if (noEngine) console.warn('Not training anything: there is no engine. `fettle engine setup` makes one.');

/** Few pictures, few steps: what is tested here does not depend on what is learnt. */
const small = [
  '--demo --arms f+r+c --epochs 4 --steps 8 --threads 1',
  '--set drawn.train=12 --set drawn.test=4 --set cliperase.relearnSteps=0 --set cliperase.evaluations=2',
].flatMap((words) => words.split(' '));

interface Swept {
  readonly after: { readonly forget: number; readonly retain: number };
  readonly report: string;
  readonly sweep: readonly {
    readonly module: string;
    readonly weight: number;
    readonly forget: number;
    readonly retain: number;
  }[];
}

it.skipIf(noEngine)(
  'trains the method with each loss weight and draws forgetting against utility',
  async () => {
    const out = join(temporaryFolder(), 'experiment');
    const args = ['train', 'cliperase', ...small, '--quiet', '--out', out];
    const { code, json } = await fettleJson<Swept>(
      [...args, '--sweep', 'retention=4,0', '--sweep', 'retention=1', '--sweep', 'forgetting=0'],
      { env: { ...engineVariables, XDG_CACHE_HOME: temporaryFolder() } },
    );
    expect(code).toBe(0);
    expect(json.sweep.map(({ module, weight }) => `${module} ${weight}`)).toEqual([
      'forgetting 0',
      'forgetting 3',
      'retention 0',
      'retention 1',
      'retention 4',
    ]);
    // The recipe's own weights are the method itself, trained once.
    for (const point of json.sweep.filter(({ module, weight }) => weight === (module === 'retention' ? 1 : 3))) {
      expect(point).toMatchObject(json.after);
    }
    const { outcomes } = JSON.parse(await readFile(join(out, 'experiment.json'), 'utf8')) as {
      outcomes: { arm: string; weights: string; history: { losses: Record<string, number> }[] }[];
    };
    const swept = outcomes.filter(({ arm }) => arm.startsWith('f+r+c'));
    expect(swept.map(({ arm }) => arm)).toEqual([
      'f+r+c',
      'f+r+c-forgetting-0',
      'f+r+c-retention-0',
      'f+r+c-retention-4',
    ]);
    expect(new Set(swept.map(({ weights }) => weights)).size).toBe(4);
    const page = await readFile(json.report, 'utf8');
    expect(page).toContain('Sweep of the loss weights');
    const panels = page.match(/<figure class="sweep">.*?<\/figure>/gs) ?? [];
    expect(panels.map((panel) => panel.match(/<circle/g)?.length)).toEqual([2, 3]);
    expect(await readFile(join(out, 'results.md'), 'utf8')).toContain('CLIPErase, retention weight 4');
  },
  120_000,
);

describe('weights that are none', () => {
  it.each(['retention', 'retention=', 'retention=-1', 'retention=much', 'attention=1'])('%s', async (text) => {
    const end = await fettle(['train', 'cliperase', ...small, '--sweep', text, '--json', '--out', temporaryFolder()]);
    expect(end.code).toBe(2);
    expect(end.stdout).toContain('Write forgetting=1,3,10');
  });
});
