import { findEngine } from '../../src/engine/index.ts';

const engine = findEngine();

/** What a bare environment needs to find the engine of this one. */
export const engineVariables: Record<string, string> =
  engine === undefined ? {} : { FETTLE_ENGINE_PYTHON: engine.python };

export const noEngine = engine === undefined;
