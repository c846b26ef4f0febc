import { expect, it } from 'vitest';
import { createVectorCache } from './vector-cache.ts';

it('forgets what was not used for longest', () => {
  const cache = createVectorCache(2);
  cache.set('a', Float32Array.of(1));
  cache.set('b', Float32Array.of(2));
  expect(cache.get('a')).toEqual(Float32Array.of(1));
  cache.set('c', Float32Array.of(3));
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toEqual(Float32Array.of(1));
  expect(cache.get('c')).toEqual(Float32Array.of(3));
});
