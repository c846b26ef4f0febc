import { describe, expect, it } from 'vitest';
import { pipError } from './pip.ts';
import { pipOutput, type PipProgress } from './pip-output.ts';

describe('pipOutput', () => {
  it('counts bytes over files, and says what is fetched and unpacked', () => {
    const seen: PipProgress[] = [];
    const line = pipOutput((progress) => seen.push(progress));
    for (const text of [
      'Collecting torch==2.13.0 (from -r torch.txt (line 1))',
      '  Downloading torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl.metadata (29 kB)',
      'Downloading torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl (550.3 MB)',
      'Progress 100 of 550300000',
      'Progress 550300000 of 550300000',
      'Downloading sympy-1.14.0-py3-none-any.whl (6.3 MB)',
      'Progress 1000 of 6300000',
      'Progress 2000',
      'Installing collected packages: mpmath, sympy, torch',
      'Successfully installed mpmath-1.3.0',
    ]) {
      line(text);
    }
    const torch = 'torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl';
    const sympy = 'sympy-1.14.0-py3-none-any.whl';
    expect(seen).toEqual([
      { kind: 'note', text: `Fetching ${torch} (550.3 MB)` },
      { kind: 'download', file: torch, bytes: 100, total: 550_300_000, sum: 100 },
      { kind: 'download', file: torch, bytes: 550_300_000, total: 550_300_000, sum: 550_300_000 },
      { kind: 'note', text: `Fetching ${sympy} (6.3 MB)` },
      { kind: 'download', file: sympy, bytes: 1000, total: 6_300_000, sum: 550_301_000 },
      { kind: 'download', file: sympy, bytes: 2000, total: null, sum: 550_302_000 },
      { kind: 'note', text: 'Unpacking 3 packages' },
    ]);
  });
});

describe('pipError', () => {
  it.each([
    ['ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device', /FETTLE_ENGINE_HOME/],
    ['ERROR: No matching distribution found for torch==2.13.0', /no build for this machine/],
    ['WARNING: Retrying after connection broken by ReadTimeoutError', /was not reached/],
  ])('advises on %s', (words, hint) => {
    expect(pipError(1, words)).toMatchObject({ code: 'engine-setup', hint: expect.stringMatching(hint) });
  });
});
