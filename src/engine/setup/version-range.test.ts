import { describe, expect, it } from 'vitest';
import { packageFaults, requiredPackages } from './required-packages.ts';
import { inRange } from './version-range.ts';

describe('inRange', () => {
  it.each([
    ['2.11.0+cu128', '>=2.11,<2.14', true],
    ['2.13.1', '>=2.11,<2.14', true],
    ['2.14.0', '>=2.11,<2.14', false],
    ['2.9.1', '>=2.11,<2.14', false],
    ['2.14.0a0+git1', '>=2.11,<2.14', false],
    ['5.17', '==5.17.0', true],
    ['1.0', '', true],
    ['unknown', '>=1', false],
  ])('%s in "%s": %s', (version, range, expected) => {
    expect(inRange(version, range)).toBe(expected);
  });

  it('does not guess at specifiers that it does not know', () => {
    expect(() => inRange('1.0', '~=1.0')).toThrow(/no version range/);
  });
});

describe('requiredPackages', () => {
  it('reads the ranges of the engine, PyTorch among them, each understood', () => {
    const required = requiredPackages();
    expect(required).toContainEqual({ name: 'torch', range: '>=2.11,<2.14', always: true });
    expect(required.some(({ always }) => !always)).toBe(true);
    for (const { range } of required) expect(() => inRange('1.0', range)).not.toThrow();
  });

  it('names what is missing and what is out of range', () => {
    const required = requiredPackages(
      'dependencies = [\n  "torch>=2.11,<2.14",\n  "Huggingface_Hub>=1",\n]\nexport = ["onnx>=1"]\n',
    );
    expect(packageFaults({ torch: '2.9.0', onnx: '1.2' }, required)).toEqual([
      { name: 'torch', range: '>=2.11,<2.14', always: true, installed: '2.9.0' },
      { name: 'huggingface-hub', range: '>=1', always: true, installed: null },
    ]);
  });
});
