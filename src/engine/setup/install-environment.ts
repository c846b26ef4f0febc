import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FettleError } from '../../core/index.ts';
import { engineHome } from '../environment.ts';
import { requirementFiles } from '../source.ts';
import { freeBytes, planDisk, type SetupSize, setupSize } from './disk-space.ts';
import { findPython } from './find-python.ts';
import { inspectPython, type PythonInspection } from './inspect-python.ts';
import { pipError, pipInstall, type PipOptions, runPython } from './pip.ts';
import { requiredPackages } from './required-packages.ts';
import type { SetupOptions } from './setup-engine.ts';
import { inRange } from './version-range.ts';

/** Makes or completes the virtual environment in `folder`; returns its interpreter. */
export async function installEnvironment(
  folder: string,
  options: SetupOptions,
  note: (text: string) => void,
): Promise<string> {
  const { signal } = options;
  const venv = join(folder, 'venv');
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  let inside = existsSync(python) ? await inspectPython(python) : undefined;
  if (inside?.packages['pip'] === undefined) {
    inside = await makeVenv(venv, python, note, signal);
  }

  // Fetched wheels lie here until they are unpacked: the system's own folder for such files is often small.
  const temporary = join(folder, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const pip: PipOptions = { signal, onProgress: options.onProgress, environment: { TMPDIR: temporary } };
  try {
    const torch = inside.packages['torch'];
    const keepsTorch = torch !== undefined && inRange(torch, torchRange());
    const rawProgress = await renewPip(python, inside, pip);

    if (!keepsTorch) {
      note('Asking the package index what there is for this machine');
      const size = setupSize(await wouldInstall(python, temporary, pip));
      const free = await freeBytes(engineHome());
      const { noCache } = planDisk(size, free, engineHome());
      await confirm(options, folder, python, size, free);
      await pipInstall(python, ['-r', requirementFiles.torch], { ...pip, rawProgress, noCache });
    }
    // The installed PyTorch stays, whatever other packages would rather have.
    const constraint = join(temporary, 'constraint.txt');
    const installed = (await inspectPython(python))?.packages['torch'];
    await writeFile(constraint, installed === undefined ? '' : `torch==${installed}\n`);
    const files = [requirementFiles.requirements, ...(options.withTests === true ? [requirementFiles.test] : [])];
    note('Installing the other packages');
    await pipInstall(python, [...files.flatMap((file) => ['-r', file]), '-c', constraint], { ...pip, rawProgress });
    return python;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function torchRange(): string {
  return requiredPackages().find(({ name }) => name === 'torch')?.range ?? '';
}

async function makeVenv(
  venv: string,
  python: string,
  note: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<PythonInspection> {
  const base = await findPython();
  note(`Making an environment with Python ${base.version.join('.')} (${base.executable})`);
  await rm(venv, { recursive: true, force: true });
  const { code, words } = await runPython(base.executable, ['-m', 'venv', venv], { signal });
  const inside = code === 0 ? await inspectPython(python) : undefined;
  if (inside?.packages['pip'] === undefined) {
    throw new FettleError(`${base.executable} could not make an environment. Its last words:\n${words}`, {
      code: 'engine-no-venv',
      hint:
        process.platform === 'linux'
          ? `On Debian and Ubuntu: apt-get install python${base.version[0]}.${base.version[1]}-venv`
          : 'Install Python with its whole standard library.',
    });
  }
  return inside;
}

/** pip says how much of a file has come from 24.1 on. An older one works too, and says less. */
async function renewPip(python: string, inside: PythonInspection, pip: PipOptions): Promise<boolean> {
  if (inRange(inside.packages['pip'] ?? '0', '>=24.1')) return true;
  try {
    await pipInstall(python, ['pip>=24.1'], { ...pip, onProgress: undefined });
    return true;
  } catch (error) {
    if (FettleError.isInstance(error)) return false;
    throw error;
  }
}

const reportSchema = z.object({ install: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

/** Names of what pip would install for PyTorch; undefined where it cannot say, which the installation then explains. */
async function wouldInstall(python: string, temporary: string, pip: PipOptions): Promise<string[] | undefined> {
  const report = join(temporary, 'report.json');
  const { code } = await runPython(
    python,
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-input',
      '--disable-pip-version-check',
      '--dry-run',
      '--report',
      report,
      '-r',
      requirementFiles.torch,
    ],
    { signal: pip.signal, environment: pip.environment },
  );
  if (code !== 0) return undefined;
  try {
    const { install } = reportSchema.parse(JSON.parse(await readFile(report, 'utf8')));
    return install.map(({ metadata }) => metadata.name.toLowerCase());
  } catch (error) {
    throw pipError(code, `Its report could not be read: ${String(error)}`);
  }
}

async function confirm(
  options: SetupOptions,
  folder: string,
  python: string,
  size: SetupSize,
  free: number,
): Promise<void> {
  const agreed = await options.confirm?.({ folder, python, size, freeBytes: free });
  if (agreed === false) {
    throw new FettleError('The set-up was not wanted; nothing was installed.', { code: 'engine-declined' });
  }
}
