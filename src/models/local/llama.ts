import type { Llama } from 'node-llama-cpp';
import { errorMessage, FettleError } from '../../core/index.ts';

let shared: Promise<Llama> | undefined;
let users = 0;

/**
 * llama.cpp on the CPU, loaded once a process and shared by its models. Only the binary that comes with the package
 * is used: nothing is downloaded or compiled. Every call needs one `releaseLlama`.
 */
export async function acquireLlama(): Promise<Llama> {
  users++;
  shared ??= loadLlama();
  try {
    return await shared;
  } catch (cause) {
    users--;
    shared = undefined;
    throw new FettleError(`llama.cpp cannot be loaded: ${errorMessage(cause)}`, {
      code: 'local-unavailable',
      hint: 'Install the optional dependency of node-llama-cpp for this platform, or use an OpenAI-compatible server',
      cause,
    });
  }
}

/** Frees the library with its last user, so that the process can exit. */
export async function releaseLlama(): Promise<void> {
  users--;
  if (users > 0 || shared === undefined) return;
  const last = shared;
  shared = undefined;
  await (await last).dispose();
}

async function loadLlama(): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  return getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.disabled,
    // No budget of threads over all contexts: each context has its own number.
    maxThreads: 0,
  });
}
