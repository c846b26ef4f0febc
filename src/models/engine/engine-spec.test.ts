import { describe, expect, it } from 'vitest';
import { parseEngineSpec } from './engine-spec.ts';

describe('parseEngineSpec', () => {
  it('tells folders from names of the hub', () => {
    expect(parseEngineSpec('models/small').source).toEqual({ kind: 'folder', path: 'models/small' });
    expect(parseEngineSpec('./hub/a/b').source).toEqual({ kind: 'folder', path: './hub/a/b' });
    expect(parseEngineSpec('hub/Org/Name-1.5').source).toMatchObject({ kind: 'hub', repository: 'Org/Name-1.5' });
    expect(parseEngineSpec('hub/Org/Name@refs/pr/1').source).toMatchObject({ revision: 'refs/pr/1' });
  });

  it('reads settings', () => {
    expect(parseEngineSpec('a?dtype=bf16&batch=8').settings).toEqual({ dtype: 'bf16', batch: 8 });
  });

  it.each(['hub/one', 'hub/a/b/c', 'hub/a/b@', 'hub/a/b@x@y', 'hub/a/..@../x y', 'a?batch=0', 'a?size=1', '?batch=1'])(
    'refuses %s',
    (spec) => {
      expect(() => parseEngineSpec(spec)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );
});
