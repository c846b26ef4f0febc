import { join } from 'node:path';
import type { EngineClient } from '../../engine/index.ts';
import type { TrainingHooks } from './training-hooks.ts';

/** Writes the ONNX files of a checkpoint into its `onnx` folder; `clip:FOLDER` then answers without Python. */
export async function exportModel(engine: EngineClient, folder: string, hooks: TrainingHooks): Promise<string> {
  const out = join(folder, 'onnx');
  await engine.request({ op: 'export', model: folder, out }, { signal: hooks.signal });
  return out;
}
