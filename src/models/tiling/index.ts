/** Models that get many images as tiles: of Fettle, and of any app that uses the AI SDK. */
export { tiledModel } from './tiled-model.ts';
export { tilingMiddleware, type TilingMiddleware, type TilingMiddlewareOptions } from './tiling-middleware.ts';
