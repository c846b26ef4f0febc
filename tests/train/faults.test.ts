import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { drawnPictures } from '../../src/training/index.ts';
import { type CliEnd, fettle, startCli, temporaryFolder } from '../support/cli.ts';
import { engineVariables, noEngine } from './engine-variables.ts';

if (noEngine) console.warn('Not training anything: there is no engine. `fettle engine setup` makes one.');

/** Few pictures, few steps: what is tested here does not depend on what is learnt. */
const small = [
  '--demo --arms f+r+c --epochs 2 --steps 6 --threads 1',
  '--set drawn.train=12 --set drawn.test=4 --set cliperase.relearnSteps=0 --set cliperase.evaluations=2',
].flatMap((words) => words.split(' '));

const cacheHome = mkdtempSync(join(tmpdir(), 'fettle-train-cache-'));
afterAll(() => rmSync(cacheHome, { recursive: true, force: true }));
const cache = { XDG_CACHE_HOME: cacheHome };

async function erase(args: readonly string[], env: Record<string, string> = {}): Promise<CliEnd & { out: string }> {
  const out = join(temporaryFolder(), 'experiment');
  const end = await fettle(['train', 'cliperase', ...args, '--out', out, '--json', '--quiet'], {
    env: { ...engineVariables, ...cache, ...env },
  });
  return { ...end, out };
}

function errorOf({ stdout }: CliEnd): { code: string; message: string; hint?: string; where?: string } {
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string; where?: string } }).error;
}

describe('bad words are refused before anything is written', () => {
  it.each([
    ['an unknown class', [...small, '--forget', 'classes=starr'], /no class "starr".*Did you mean star\?/s],
    ['a rule that is none', [...small, '--forget', 'starr'], /no way to name a forget set.*classes=/s],
    [
      'a rule that marks everything',
      [...small, '--forget', 'superclasses=round,curved,pointed,four_sided,patterned'],
      /marks all \d+ images/,
    ],
    ['a rule that marks nothing', [...small, '--forget', 'words=qqqq'], /marks none of the \d+ images/],
    ['an unknown setting', [...small, '--set', 'nonsense.path=1'], /no setting "nonsense"/],
    ['a wrong setting', [...small, '--set', 'cliperase.forgetting.form=sideways'], /expected one of "cosine"/],
    ['no data', ['--forget', 'classes=star'], /no pictures.*--data/s],
    ['nothing to forget', ['--data', '.'], /Nothing is named to forget.*--forget/s],
  ])('%s', async (_, args, hint) => {
    const end = await erase(args);
    expect(end.code).toBe(2);
    expect(`${errorOf(end).message}\n${errorOf(end).hint ?? ''}`).toMatch(hint);
    expect(existsSync(join(end.out, 'experiment.json'))).toBe(false);
    expect(existsSync(join(end.out, 'original'))).toBe(false);
  });

  it('one picture to forget and to retain', async () => {
    const data = temporaryFolder();
    const { items } = drawnPictures({ size: 16, train: 6, test: 0, classes: ['star', 'ring'] });
    for (const [index, item] of items.entries()) {
      await mkdir(join(data, item.class), { recursive: true });
      await writeFile(join(data, item.class, `${index}.png`), (await item.image.load()).bytes);
    }
    const copied = items.findIndex((item) => item.class === 'star');
    await copyFile(join(data, 'star', `${copied}.png`), join(data, 'ring', 'copy.png'));
    const end = await erase(['--data', data, '--forget', 'classes=star', '--set', 'duplicates=refuse']);
    expect(end.code).toBe(2);
    const { code, message, where } = errorOf(end);
    expect(code).toBe('sets-overlap');
    expect(message).toContain('1 picture is in the forget set and, under another id, in the retain set');
    expect(where).toMatch(/star.*\(forget\) = .*copy.*\(retain\)/);
    expect(existsSync(join(end.out, 'experiment.json'))).toBe(false);
    expect(existsSync(join(end.out, 'original'))).toBe(false);
  });

  it('a configuration file that is no JSON', async () => {
    const file = join(temporaryFolder(), 'settings.json');
    await writeFile(file, '{ "forget": ');
    const end = await erase(['--demo', '--config', file]);
    expect(end.code).toBe(2);
    expect(errorOf(end).where).toBe(file);
  });

  it('a model that is none', async () => {
    const folder = temporaryFolder();
    const missing = await erase([...small, '--model', join(folder, 'nowhere')]);
    expect(errorOf(missing).code).toBe('checkpoint-invalid');
    await mkdir(join(folder, 'bert'));
    await writeFile(join(folder, 'bert', 'config.json'), '{ "model_type": "bert" }');
    expect(errorOf(await erase([...small, '--model', join(folder, 'bert')])).code).toBe('checkpoint-invalid');
  });

  it('no engine', async () => {
    const end = await erase(small, { FETTLE_ENGINE_PYTHON: '', FETTLE_ENGINE_HOME: temporaryFolder() });
    expect(end.code).not.toBe(0);
    expect(`${errorOf(end).hint}`).toContain('fettle engine setup');
  });
});

describe.skipIf(noEngine)('what goes wrong within the engine', () => {
  it('weights that are pickles', async () => {
    const folder = temporaryFolder();
    const config = { model_type: 'clip', vision_config: { image_size: 32 } };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    await writeFile(join(folder, 'pytorch_model.bin'), 'not opened');
    const end = await erase([...small, '--model', folder]);
    expect(end.code).toBe(1);
    expect(errorOf(end).message).toContain('pickle');
    expect(existsSync(join(end.out, 'experiment.json'))).toBe(false);
  });

  it('a GPU that is not there', async () => {
    // Hides the GPUs of a machine that has some.
    const end = await erase([...small, '--device', 'cuda'], { CUDA_VISIBLE_DEVICES: '' });
    expect(end.code).toBe(1);
    expect(errorOf(end)).toMatchObject({ code: 'engine-no-gpu', hint: expect.stringContaining('auto or cpu') });
    expect(existsSync(join(end.out, 'original', 'seed-0', 'model'))).toBe(false);
    expect(existsSync(join(end.out, 'experiment.json'))).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')('too little memory', async () => {
    // A step over all pictures at once needs many gigabytes; the engine gets few.
    const python = join(temporaryFolder(), 'python');
    await writeFile(python, '#!/bin/sh\nulimit -v 4000000\nexec "$REAL_PYTHON" "$@"\n', { mode: 0o755 });
    const end = await erase(
      [
        '--demo',
        '--arms',
        'f+r+c',
        '--architecture',
        'compact',
        '--device',
        'cpu',
        '--threads',
        '1',
        '--set',
        'clip.batch=1350',
      ],
      { FETTLE_ENGINE_PYTHON: python, REAL_PYTHON: engineVariables['FETTLE_ENGINE_PYTHON'] ?? '' },
    );
    expect(end.code).toBe(1);
    const { code, message, hint, where } = errorOf(end);
    expect(code).toBe('engine-out-of-memory');
    expect(message).toMatch(/^original, seed 0: Memory ran out: [\d.]+ MB more/);
    expect(hint).toContain('--set clip.microBatches=2');
    expect(where).toContain('batch {"items":1350}');
    const original = join(end.out, 'original', 'seed-0');
    expect((await readdir(original)).toSorted()).toEqual(['history.jsonl', 'original.sets.json']);
    expect(existsSync(join(end.out, 'experiment.json'))).toBe(false);
  });

  it('a loss that is no number', async () => {
    const end = await erase([...small, '--learning-rate', '1e30']);
    expect(end.code).toBe(1);
    expect(errorOf(end).code).toMatch(/^engine-non.finite$/);
    expect(errorOf(end).hint).toContain('learningRate');
    expect(existsSync(join(end.out, 'concepts', 'star', 'f+r+c', 'seed-0', 'model'))).toBe(false);
  });

  it('an end by SIGTERM: the same command goes on and comes to the same figures', async () => {
    const args = [...small, '--epochs', '150', '--set', 'clip.checkpoints=20'];
    const whole = await erase(args);
    expect(whole.code).toBe(0);
    const out = join(temporaryFolder(), 'experiment');
    const command = ['train', 'cliperase', ...args, '--out', out, '--json'];
    const env = { ...engineVariables, ...cache };
    const { child, end } = startCli(command, { env });
    // Once a checkpoint is there, most of the training is still to come.
    const checkpoints = join(out, 'original', 'seed-0', 'checkpoints');
    let ended = false;
    const ending = end.finally(() => (ended = true));
    while (!ended && !existsSync(checkpoints)) await setTimeout(20);
    child.kill('SIGTERM');
    expect(errorOf(await ending).code).toBe('interrupted');
    expect(existsSync(join(out, 'original', 'seed-0', 'model'))).toBe(false);
    const second = await fettle(command, { env });
    expect(second.code).toBe(0);
    const figures = async (folder: string): Promise<unknown> => {
      const { outcomes } = JSON.parse(await readFile(join(folder, 'experiment.json'), 'utf8')) as {
        outcomes: { measures: unknown; weights: string }[];
      };
      return outcomes.map(({ measures, weights }) => ({ measures, weights }));
    };
    expect(await figures(out)).toEqual(await figures(whole.out));
  }, 240_000);
});
