import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FettleError, usageError } from '../../core/index.ts';
import { isPythonInRange, pythonWords } from './find-python.ts';
import { inspectPython, type PythonInspection } from './inspect-python.ts';
import { type PackageFault, packageFaults, requiredPackages } from './required-packages.ts';

export interface AdoptablePython {
  readonly python: string;
  readonly inspection: PythonInspection;
  /** What ONNX export needs and is not there; the rest works without. */
  readonly missingForExport: readonly PackageFault[];
}

/** The interpreter of a file, or of the folder of a virtual environment. Links are kept: they are what makes it one. */
export function pythonAt(path: string): string {
  const whole = resolve(path);
  if (!existsSync(whole)) {
    throw usageError(`There is no ${whole}.`, { hint: 'Name a Python interpreter, or the folder of an environment.' });
  }
  if (!statSync(whole).isDirectory()) return whole;
  const inside = [join('bin', 'python'), join('bin', 'python3'), join('Scripts', 'python.exe'), 'python.exe']
    .map((name) => join(whole, name))
    .find((file) => existsSync(file));
  if (inside === undefined) {
    throw usageError(`${whole} is a folder without a Python in it.`, { hint: 'Name the interpreter itself.' });
  }
  return inside;
}

/** Checks a user's environment against the engine's ranges; throws with what is wrong and the command that mends it. */
export async function adoptPython(path: string): Promise<AdoptablePython> {
  const python = pythonAt(path);
  const inspection = await inspectPython(python);
  if (inspection === undefined) {
    throw usageError(`${python} does not run as Python.`, { hint: 'Name a Python interpreter that works.' });
  }
  const required = requiredPackages();
  const faults = packageFaults(inspection.packages, required);
  const wrong = faults.filter((fault) => fault.always);
  const versionFits = isPythonInRange(inspection.version);
  if (!versionFits || wrong.length > 0) {
    const parts = [
      ...(versionFits ? [] : [`it is Python ${inspection.version.join('.')}, and the engine needs ${pythonWords}`]),
      ...wrong.map(faultText),
    ];
    throw new FettleError(`${python} does not fit the engine: ${parts.join('; ')}.`, {
      code: 'engine-versions',
      where: python,
      hint: versionFits
        ? `Mend it with: ${pipCommand(python, faults)}`
        : `Make one with ${pythonWords}, and name that.`,
      exitCode: 2,
    });
  }
  return { python, inspection, missingForExport: faults };
}

export function faultText(fault: PackageFault): string {
  const range = fault.range === '' ? '' : ` (${fault.range})`;
  return fault.installed === null
    ? `${fault.name} is missing${range}`
    : `${fault.name} is ${fault.installed}, needed is ${fault.range}`;
}

export function pipCommand(python: string, faults: readonly PackageFault[]): string {
  return `${quoted(python)} -m pip install ${faults.map((fault) => `"${fault.name}${fault.range}"`).join(' ')}`;
}

function quoted(word: string): string {
  return /^[\w./+-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
}
