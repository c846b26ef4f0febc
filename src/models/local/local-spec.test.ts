import { expect, it } from 'vitest';
import { parseLocalSpec } from './local-spec.ts';

it('takes settings off a name', () => {
  expect(parseLocalSpec('smollm2-135m')).toEqual({ name: 'smollm2-135m', settings: {} });
  expect(parseLocalSpec('/a/b.gguf?contextSize=512&threads=2')).toEqual({
    name: '/a/b.gguf',
    settings: { contextSize: 512, threads: 2 },
  });
});

it('refuses what is no setting or no number', () => {
  expect(() => parseLocalSpec('x?gpu=1')).toThrow(expect.objectContaining({ exitCode: 2 }));
  expect(() => parseLocalSpec('x?threads=many')).toThrow(expect.objectContaining({ where: 'threads' }));
});
