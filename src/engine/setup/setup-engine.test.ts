import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineEnvironment, environmentFolder, findEngine } from '../environment.ts';
import { fakeEngine } from '../testing/fake-engine.ts';
import { planDisk, setupSize } from './disk-space.ts';
import { engineStatus, removeEngine } from './engine-status.ts';
import { findPython } from './find-python.ts';
import { requiredPackages } from './required-packages.ts';
import { setupEngine } from './setup-engine.ts';
import { withSetupLock } from './setup-lock.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fettle-engine-'));
  vi.stubEnv('FETTLE_ENGINE_HOME', home);
  vi.stubEnv('FETTLE_ENGINE_PYTHON', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

/** What the fake interpreter says of itself. */
function inspection(packages: Record<string, string>, version = [3, 12, 3]): void {
  vi.stubEnv('FAKE_INSPECTION', JSON.stringify({ executable: '/fake', version, canMakeVenv: true, packages }));
}

function fitting(): Record<string, string> {
  return Object.fromEntries(
    requiredPackages().map(({ name, range }) => [name, /(?:>=|==)([\d.]+)/.exec(range)?.[1] ?? '1']),
  );
}

describe('setupEngine --use-python', () => {
  it('takes an environment whose versions fit, and gives it back on remove', async () => {
    inspection(fitting());
    const { engine, ready } = await setupEngine({ usePython: fakeEngine.python });
    expect(engine).toMatchObject({ python: fakeEngine.python, adopted: true });
    expect(ready.versions).toMatchObject({ torch: '2.13.0' });
    expect(findEngine()).toMatchObject({ python: fakeEngine.python, adopted: true, versions: { torch: '2.13.0' } });
    expect(await engineStatus()).toMatchObject({ works: true, source: 'adopted', device: 'cpu', bytes: null });
    expect(await removeEngine()).toMatchObject({ removed: true });
    expect(findEngine()).toBeUndefined();
    expect(existsSync(fakeEngine.python)).toBe(true);
  });

  it('finds the interpreter of an environment by its folder, and keeps its link', async () => {
    inspection(fitting());
    const venv = join(home, 'mine');
    mkdirSync(join(venv, 'bin'), { recursive: true });
    symlinkSync(fakeEngine.python, join(venv, 'bin', 'python'));
    const { engine } = await setupEngine({ usePython: venv });
    expect(engine.python).toBe(join(venv, 'bin', 'python'));
  });

  it('says what is missing or out of range, and the command that mends it', async () => {
    const { peft: _absent, ...rest } = fitting();
    inspection({ ...rest, torch: '2.9.1+cu128' });
    await expect(setupEngine({ usePython: fakeEngine.python })).rejects.toMatchObject({
      code: 'engine-versions',
      exitCode: 2,
      message: expect.stringMatching(/torch is 2\.9\.1\+cu128, needed is >=2\.11,<2\.14; peft is missing/),
      hint: expect.stringMatching(/-m pip install "torch>=2\.11,<2\.14" "peft/),
    });
    expect(findEngine()).toBeUndefined();
    inspection(fitting(), [3, 9, 1]);
    await expect(setupEngine({ usePython: fakeEngine.python })).rejects.toThrow(/it is Python 3\.9\.1/);
  });

  it('says that only ONNX export will not work', async () => {
    const { onnx: _absent, ...rest } = fitting();
    inspection(rest);
    const notes: string[] = [];
    await setupEngine({
      usePython: fakeEngine.python,
      onProgress: (progress) => progress.kind === 'note' && notes.push(progress.text),
    });
    expect(notes.join('\n')).toMatch(/ONNX export will not work: onnx is missing/);
  });

  it('refuses what is no Python', async () => {
    await expect(setupEngine({ usePython: join(home, 'nothing') })).rejects.toMatchObject({ exitCode: 2 });
    await expect(setupEngine({ usePython: home })).rejects.toThrow(/without a Python/);
    const file = join(home, 'file');
    writeFileSync(file, '#!/bin/sh\necho hello\n');
    chmodSync(file, 0o755);
    await expect(setupEngine({ usePython: file })).rejects.toThrow(/does not run as Python/);
  });
});

describe('findEngine', () => {
  it('does not use an environment whose record is absent or cut off', () => {
    const folder = environmentFolder();
    mkdirSync(join(folder, 'venv', 'bin'), { recursive: true });
    expect(findEngine()).toBeUndefined();
    writeFileSync(join(folder, 'engine.json'), '{"version":1,"python":"/x');
    expect(findEngine()).toBeUndefined();
    expect(() => engineEnvironment()).toThrow(/not set up/);
  });

  it('takes the interpreter that the variable names, and says so when there is none', async () => {
    vi.stubEnv('FETTLE_ENGINE_PYTHON', fakeEngine.python);
    expect(findEngine()).toMatchObject({ python: fakeEngine.python, folder: null });
    await expect(setupEngine()).rejects.toMatchObject({ code: 'engine-named' });
    vi.stubEnv('FETTLE_ENGINE_PYTHON', '/no/such/python');
    expect(() => findEngine()).toThrow(/FETTLE_ENGINE_PYTHON names \/no\/such\/python/);
    expect(await engineStatus()).toMatchObject({ works: false, problem: expect.stringContaining('/no/such/python') });
  });

  it('tells by status that nothing is set up', async () => {
    expect(await engineStatus()).toMatchObject({ works: false, python: null, hint: expect.stringContaining('setup') });
  });
});

describe('findPython', () => {
  const python = { executable: '/usr/bin/python', packages: {} };

  it('passes over versions out of range', async () => {
    const found = await findPython(async (command) =>
      command === 'python3.11'
        ? { ...python, executable: '/usr/bin/python3.11', version: [3, 11, 2], canMakeVenv: true }
        : { ...python, version: [3, 14, 0], canMakeVenv: true },
    );
    expect(found.executable).toBe('/usr/bin/python3.11');
  });

  it('tells of no Python, an old one, and one without venv', async () => {
    await expect(findPython(async () => undefined)).rejects.toMatchObject({ code: 'engine-no-python' });
    await expect(findPython(async () => ({ ...python, version: [3, 9, 2], canMakeVenv: true }))).rejects.toThrow(
      /python3 is 3\.9\.2/,
    );
    await expect(
      findPython(async () => ({ ...python, version: [3, 11, 2], canMakeVenv: false })),
    ).rejects.toMatchObject({
      code: 'engine-no-venv',
      hint: expect.stringContaining('venv'),
    });
  });
});

describe('planDisk', () => {
  it('knows a CUDA build by its packages, and refuses what does not fit', () => {
    const cuda = setupSize(['torch', 'nvidia-cudnn-cu13']);
    const cpu = setupSize(['torch', 'sympy']);
    expect([cuda.build, cpu.build, setupSize(undefined).build]).toEqual(['cuda', 'cpu', 'unknown']);
    expect(planDisk(cuda, 20e9, '/x')).toEqual({ noCache: false });
    expect(planDisk(cuda, 9e9, '/x')).toEqual({ noCache: true });
    expect(planDisk(cpu, 9e9, '/x')).toEqual({ noCache: false });
    expect(() => planDisk(cuda, 5e9, '/x')).toThrow(/8\.0 GB are needed .* 5\.0 GB are free at \/x/);
  });
});

describe('withSetupLock', () => {
  it('lets the second wait for the first', async () => {
    const folder = join(home, 'locked');
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const first = withSetupLock(folder, {}, async () => {
      begun.resolve();
      await gate.promise;
      order.push('first');
    });
    await begun.promise;
    const second = withSetupLock(folder, { onWait: () => gate.resolve() }, async () => order.push('second'));
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });
});
