import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const requirements = fileURLToPath(new URL('inspect-requirements.txt', import.meta.url));
const folder = fileURLToPath(new URL('../../.cache/inspect-venv', import.meta.url));

/**
 * The `bin` folder of a virtual environment with the pinned inspect_ai, made on first use.
 * `missing` says why there is none where python3 or a package index cannot be had; other failures throw.
 */
export async function inspectVenv(): Promise<{ readonly bin: string } | { readonly missing: string }> {
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const stamp = join(folder, 'installed.txt');
  const wanted = await readFile(requirements, 'utf8');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return { bin };
  await rm(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
  } catch (error) {
    return { missing: `python3 -m venv does not work here: ${String(error).slice(0, 300)}` };
  }
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input'];
  try {
    await run(join(bin, 'python'), [...pip, 'install', '-q', '--retries', '2', '-r', requirements], {
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const unreachable =
      /NewConnectionError|Temporary failure|Name or service|Connection refused|ConnectTimeout|ProxyError|Network is unreachable/;
    if (unreachable.test(stderr)) return { missing: 'pip reaches no package index' };
    throw new Error(`pip could not install inspect_ai:\n${stderr.slice(-3000)}`, { cause: error });
  }
  await writeFile(stamp, wanted);
  return { bin };
}
