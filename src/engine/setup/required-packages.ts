import { join } from 'node:path';
import { FettleError } from '../../core/index.ts';
import { engineFolder, readEngineFile } from '../source.ts';
import { inRange } from './version-range.ts';

export interface RequiredPackage {
  /** Normalised name. */
  readonly name: string;
  /** `>=2.11,<2.14`. */
  readonly range: string;
  /** False for what only ONNX export needs. */
  readonly always: boolean;
}

export interface PackageFault extends RequiredPackage {
  /** The version that is out of range; null where the package is missing. */
  readonly installed: string | null;
}

/** The ranges of engine/pyproject.toml, which an environment of the user's has to lie in. */
export function requiredPackages(text = readEngineFile(join(engineFolder, 'pyproject.toml'))): RequiredPackage[] {
  return [
    ...entries(text, /^dependencies\s*=\s*\[([^\]]*)\]/m, true),
    ...entries(text, /^export\s*=\s*\[([^\]]*)\]/m, false),
  ];
}

/** The lines `name==version` of a requirements file. */
export function pinnedPackages(file: string): RequiredPackage[] {
  return [...readEngineFile(file).matchAll(/^([A-Za-z0-9._-]+)(==[\d.]+)\s*$/gm)].map(([, name = '', range = '']) => ({
    name: normalised(name),
    range,
    always: true,
  }));
}

function normalised(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

function entries(text: string, list: RegExp, always: boolean): RequiredPackage[] {
  const inner = list.exec(text)?.[1];
  if (inner === undefined) {
    throw new FettleError('engine/pyproject.toml has no list of packages.', {
      code: 'engine-source-missing',
      hint: 'The installation of Fettle is incomplete: install it again.',
    });
  }
  return [...inner.matchAll(/"([A-Za-z0-9._-]+)([^"]*)"/g)].map(([, name = '', range = '']) => ({
    name: normalised(name),
    range: range.trim(),
    always,
  }));
}

/** What is missing from an environment, or out of range. */
export function packageFaults(
  installed: Readonly<Record<string, string>>,
  required: readonly RequiredPackage[],
): PackageFault[] {
  return required.flatMap((item): PackageFault[] => {
    const version = installed[item.name];
    if (version === undefined) return [{ ...item, installed: null }];
    return inRange(version, item.range) ? [] : [{ ...item, installed: version }];
  });
}
