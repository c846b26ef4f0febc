import type { RunConfig } from './run-config.ts';

/** How answers were found, for tables and reports: runs with and without tiles must not look alike. */
export function methodLabel({ method = 'direct', tiling }: Pick<RunConfig, 'method' | 'tiling'>): string {
  if (tiling === undefined) return method;
  return `${method}, images as tiles (${tiling.budget} inputs, ${tiling.allocator}, ${tiling.tile} pixels)`;
}
