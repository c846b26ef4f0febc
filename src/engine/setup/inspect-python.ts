import { spawn } from 'node:child_process';
import { z } from 'zod';

const inspectionSchema = z.object({
  /** Of `sys.executable`: a launcher such as `py -3.12` names the interpreter behind it. */
  executable: z.string(),
  version: z.tuple([z.int(), z.int(), z.int()]),
  /** Whether `python -m venv` can make an environment with pip. Debian ships these apart from Python. */
  canMakeVenv: z.boolean(),
  /** Normalised names → versions of what is installed. */
  packages: z.record(z.string(), z.string()),
});

export type PythonInspection = z.output<typeof inspectionSchema>;

/** The standard library alone, so that it runs in any environment. */
const program = `
import importlib.metadata as metadata, importlib.util as util, json, re, sys
packages = {}
for item in metadata.distributions():
    name = item.metadata["Name"]
    if name:
        packages.setdefault(re.sub(r"[-_.]+", "-", name).lower(), str(item.version))
print(json.dumps({
    "executable": sys.executable,
    "version": list(sys.version_info[:3]),
    "canMakeVenv": all(util.find_spec(name) is not None for name in ("venv", "ensurepip")),
    "packages": packages,
}))
`;

/** What an interpreter says of itself, without importing any package; undefined where it does not run. */
export async function inspectPython(
  command: string,
  leading: readonly string[] = [],
): Promise<PythonInspection | undefined> {
  const { promise, resolve } = Promise.withResolvers<PythonInspection | undefined>();
  const child = spawn(command, [...leading, '-c', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PYTHONSAFEPATH: '1' },
    timeout: 60_000,
    windowsHide: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('error', () => resolve(undefined));
  child.once('close', () => {
    try {
      resolve(inspectionSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    } catch {
      // Not a Python of version 3, or one that is broken.
      resolve(undefined);
    }
  });
  return promise;
}
