/** Requests of clients answered by a method, journaled as samples of a run. */
export { keyReusedCode, openServing, type ServedAnswer, type Serving, type ServingHooks } from './open-serving.ts';
export { usualReading } from './reading.ts';
export type { RequestIdentity, ServedRequest } from './served-request.ts';
