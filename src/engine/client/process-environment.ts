import { delimiter } from 'node:path';
import type { EngineEnvironment } from '../environment.ts';
import { engineSource } from '../source.ts';

export interface ProcessEnvironmentOptions {
  /** Lets Hugging Face libraries reach the network. */
  readonly allowHub?: boolean | undefined;
  /** cuBLAS reads its setting when it starts, so it has to be there before Python is. */
  readonly deterministic?: boolean | undefined;
  readonly variables?: NodeJS.ProcessEnv | undefined;
}

/** The variables that an engine process gets. Keys of endpoints stay here: training code has no use for them. */
export function processEnvironment(
  engine: EngineEnvironment,
  options: ProcessEnvironmentOptions = {},
): NodeJS.ProcessEnv {
  const given = options.variables ?? process.env;
  const variables: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(given)) {
    if (name.endsWith('_API_KEY') || /^PYTHON(?:HOME|STARTUP|INSPECT)$/.test(name)) continue;
    if (/^(?:HF|HUGGING_FACE_HUB)_TOKEN$/.test(name) && options.allowHub !== true) continue;
    variables[name] = value;
  }
  // An adopted environment may live by its PYTHONPATH; in one that we made it could only replace pinned packages.
  const own = engine.adopted ? given['PYTHONPATH'] : undefined;
  return {
    ...variables,
    PYTHONPATH: own ? `${engineSource}${delimiter}${own}` : engineSource,
    // `-m` would else look into the working folder first, whose files may be anybody's.
    PYTHONSAFEPATH: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    TOKENIZERS_PARALLELISM: 'false',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    ...(options.allowHub === true ? {} : { HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1' }),
    ...(options.deterministic === true ? { CUBLAS_WORKSPACE_CONFIG: ':4096:8' } : {}),
  };
}
