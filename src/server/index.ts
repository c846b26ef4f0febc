/** Any method as an OpenAI-compatible endpoint. */
export { isLoopback } from './access.ts';
export type { RequestLog } from './request-log.ts';
export { assertCanListen, startServer, type RunningServer, type ServerOptions } from './start-server.ts';
