export * from './client/distributed.ts';
export {
  type EngineCall,
  type EngineCallOptions,
  type EngineClient,
  startEngine,
  type StartEngineOptions,
} from './client/engine-client.ts';
export { parseJob } from './client/parse-job.ts';
export type { TrainingOutcome } from './client/training-progress.ts';
export { type EngineEnvironment, engineEnvironment, engineHome, environmentFolder, findEngine } from './environment.ts';
export * from './protocol/index.ts';
export { type SetupSize } from './setup/disk-space.ts';
export { engineStatus, type EngineStatus, removeEngine } from './setup/engine-status.ts';
export type { PipProgress } from './setup/pip-output.ts';
export { setupEngine, type SetupOptions, type SetupPlan, type SetupResult } from './setup/setup-engine.ts';
export { readSafetensorsHeader, type TensorPlace } from './safetensors.ts';
export { readVectors } from './read-vectors.ts';
