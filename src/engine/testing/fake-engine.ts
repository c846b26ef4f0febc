import { fileURLToPath } from 'node:url';
import type { EngineEnvironment } from '../environment.ts';
import type { TrainingJobInput } from '../protocol/index.ts';

/** An engine that fails on purpose; see fake-python.mjs. */
export const fakeEngine: EngineEnvironment = {
  python: fileURLToPath(new URL('fake-python.mjs', import.meta.url)),
  adopted: false,
  folder: null,
  versions: {},
};

export function fakeVariables(mode: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, FAKE_ENGINE: mode, ...more };
}

export const smallJob: TrainingJobInput = {
  v: 1,
  kind: 'clip',
  out: '/nowhere',
  data: { pairs: '/nowhere/pairs', sets: '/nowhere/sets.json' },
  steps: 10,
  optimizer: { learningRate: 1e-4 },
  save: {},
  log: {},
  model: { architecture: {} },
  batch: { items: 4 },
};
