import type { RunConfig } from './run-config.ts';

/** How answers were found, for tables and reports: runs with other prompts, or with and without tiles, must not look alike. */
export function methodLabel({
  method = 'direct',
  tiling,
  options,
}: Pick<RunConfig, 'method' | 'tiling'> & { readonly options?: RunConfig['options'] }): string {
  const prompt = options?.['prompt'];
  return [
    method,
    ...(prompt === undefined ? [] : [`prompt ${prompt}`]),
    ...(tiling === undefined
      ? []
      : [`images as tiles (${tiling.budget} inputs, ${tiling.allocator}, ${tiling.tile} pixels)`]),
  ].join(', ');
}
