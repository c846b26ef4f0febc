import { FettleError } from '../../core/index.ts';
import { inspectPython, type PythonInspection } from './inspect-python.ts';

/** Versions for which the pinned PyTorch has builds, and which the engine is tested with. */
export const pythonRange = { from: [3, 11], to: [3, 13] } as const;

export const pythonWords = 'Python 3.11, 3.12 or 3.13';

/** The best known first. `py` is the launcher of Windows. */
const candidates: readonly (readonly [string, ...string[]])[] = [
  ['python3.12'],
  ['python3.11'],
  ['python3.13'],
  ['python3'],
  ['python'],
  ...(process.platform === 'win32'
    ? ([
        ['py', '-3.12'],
        ['py', '-3.11'],
        ['py', '-3.13'],
      ] as const)
    : []),
];

export function isPythonInRange([major, minor]: PythonInspection['version']): boolean {
  return major === 3 && minor >= pythonRange.from[1] && minor <= pythonRange.to[1];
}

/** An interpreter that can make environments; throws `engine-no-python` or `engine-no-venv` with the way to get one. */
export async function findPython(
  look: (command: string, leading: readonly string[]) => Promise<PythonInspection | undefined> = inspectPython,
): Promise<PythonInspection> {
  const seen: string[] = [];
  let withoutVenv: PythonInspection | undefined;
  for (const [command, ...leading] of candidates) {
    const found = await look(command, leading);
    if (found === undefined) continue;
    if (!isPythonInRange(found.version)) seen.push(`${[command, ...leading].join(' ')} is ${found.version.join('.')}`);
    else if (found.canMakeVenv) return found;
    else withoutVenv ??= found;
  }
  const isLinux = process.platform === 'linux';
  if (withoutVenv !== undefined) {
    const [major, minor] = withoutVenv.version;
    throw new FettleError(
      `${withoutVenv.executable} cannot make environments: its module venv or ensurepip is missing.`,
      {
        code: 'engine-no-venv',
        hint: isLinux
          ? `On Debian and Ubuntu: apt-get install python${major}.${minor}-venv`
          : 'Install Python with its whole standard library.',
      },
    );
  }
  throw new FettleError(
    `The engine needs ${pythonWords}, and there is none in PATH.${seen.length === 0 ? '' : ` Found: ${seen.join('; ')}.`}`,
    {
      code: 'engine-no-python',
      hint: isLinux
        ? 'Install one (on Debian and Ubuntu: apt-get install python3 python3-venv), or name one that has PyTorch with --use-python PATH.'
        : 'Install one, or name one that has PyTorch with --use-python PATH.',
    },
  );
}
