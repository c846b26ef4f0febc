export { createEngineModel, type EngineModelOptions } from './create-engine-model.ts';
