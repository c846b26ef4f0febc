import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliEnd, fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { engineVariables, noEngine } from './engine-variables.ts';

if (noEngine) console.warn('Not training anything: there is no engine. `fettle engine setup` makes one.');

const pictures = ['--threads', '1', '--set', 'drawn.train=12', '--set', 'drawn.test=4'];
const forget = [
  '--demo --arms f+r+c --steps 4 --set cliperase.relearnSteps=0 --set cliperase.evaluations=2 --json --quiet',
].flatMap((words) => words.split(' '));
const commit = '0123456789abcdef0123456789abcdef01234567';

function erase(model: string, home: string): Promise<CliEnd> {
  const env = { ...engineVariables, XDG_CACHE_HOME: home, HF_HOME: join(home, 'huggingface'), HF_HUB_OFFLINE: '1' };
  return fettle(['train', 'cliperase', ...forget, ...pictures, '--model', model, '--out', join(home, 'experiment')], {
    env,
  });
}

const errorOf = ({ stdout }: CliEnd) =>
  (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string } }).error;

it('refuses names that the hub cannot have', async () => {
  const end = await erase('hub/nobody', temporaryFolder());
  expect(end.code).toBe(2);
  expect(errorOf(end).hint).toContain('hub/ORG/NAME');
});

describe.skipIf(noEngine)('a model of the hub, without network', () => {
  it('that was fetched before is unlearned from', async () => {
    const home = temporaryFolder();
    const { json } = await fettleJson<{ models: { folder: string }[] }>(
      ['train', 'clip', '--drawn', '--architecture', 'tiny', '--epochs', '2', ...pictures, '--out', join(home, 'clip')],
      { env: { ...engineVariables, XDG_CACHE_HOME: home } },
    );
    // As the hub's own cache keeps it.
    const repository = join(home, 'huggingface', 'hub', 'models--acme--tiny-clip');
    await cp(json.models[0]?.folder ?? '', join(repository, 'snapshots', commit), { recursive: true });
    await mkdir(join(repository, 'refs'));
    await writeFile(join(repository, 'refs', 'main'), commit);
    const end = await erase('hub/acme/tiny-clip', home);
    expect(end.stderr).toBe('');
    expect(end.code).toBe(0);
    const { models, before } = JSON.parse(end.stdout) as { models: unknown[]; before: { retain: number } };
    expect(models).toHaveLength(1);
    expect(before.retain).toBeGreaterThan(0);
  }, 180_000);

  it('that was never fetched is an error that says so', async () => {
    const end = await erase('hub/acme/absent', temporaryFolder());
    expect(end.code).toBe(1);
    expect(errorOf(end)).toMatchObject({
      code: 'engine-hub-unreachable',
      message: expect.stringContaining('acme/absent'),
      hint: expect.stringContaining('HF_HUB_OFFLINE'),
    });
  });
});
