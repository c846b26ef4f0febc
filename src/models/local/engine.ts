import type { LlamaModel } from 'node-llama-cpp';
import { errorMessage, FettleError } from '../../core/index.ts';
import { acquireLlama, releaseLlama } from './llama.ts';
import { createPromptTokens, type PromptTokens } from './prompt-tokens.ts';
import { chunkTokens, createSlot, type Slot } from './slot.ts';
import { createSlotPool, type SlotPool } from './slot-pool.ts';

export interface EngineOptions {
  readonly path: string;
  /** For people. */
  readonly name: string;
  readonly contexts: number;
  readonly threads: number;
  /** Upper bound; a model that was trained on less gets less. */
  readonly contextSize: number;
}

/** A model in memory. */
export interface Engine {
  readonly model: LlamaModel;
  readonly prompt: PromptTokens;
  readonly slots: SlotPool;
  /** Tokens that one request may fill, prompt and reply together. */
  readonly capacity: number;
  close(): Promise<void>;
}

/** Loads a GGUF file. Throws `model-invalid` where llama.cpp cannot read it. */
export async function loadEngine(options: EngineOptions): Promise<Engine> {
  const llama = await acquireLlama();
  let model: LlamaModel | undefined;
  try {
    model = await llama.loadModel({ modelPath: options.path, gpuLayers: 0 });
    const contextSize = Math.min(options.contextSize, model.trainContextSize);
    const slots = createSlotPool({ size: options.contexts, create: () => newSlot(model, contextSize, options) });
    const prompt = await createPromptTokens(model, options.name);
    return { model, prompt, slots, capacity: contextSize - 1, close: () => closeEngine(model, slots) };
  } catch (cause) {
    await model?.dispose();
    await releaseLlama();
    if (FettleError.isInstance(cause)) throw cause;
    throw new FettleError(`The model ${options.name} cannot be loaded: ${errorMessage(cause)}`, {
      code: 'model-invalid',
      where: options.path,
      hint: 'Fetch the file again; it must be a whole GGUF file of an architecture that llama.cpp knows',
      cause,
    });
  }
}

async function newSlot(model: LlamaModel | undefined, contextSize: number, options: EngineOptions): Promise<Slot> {
  if (model === undefined) throw new Error('The model is not loaded');
  try {
    const context = await model.createContext({
      sequences: 1,
      contextSize,
      batchSize: chunkTokens,
      threads: options.threads,
      // Flash attention on the CPU adds up in an order that depends on the batch.
      flashAttention: false,
      // Lets models with sliding windows reuse prefixes of any length.
      swaFullCache: true,
    });
    return createSlot(context);
  } catch (cause) {
    throw new FettleError(`No context of ${contextSize} tokens for ${options.name}: ${errorMessage(cause)}`, {
      code: 'local-memory',
      where: options.path,
      hint: 'Ask for less: local:NAME?contextSize=2048&contexts=1',
      cause,
    });
  }
}

async function closeEngine(model: LlamaModel | undefined, slots: SlotPool): Promise<void> {
  for (const slot of await slots.drain()) await slot.context.dispose();
  await model?.dispose();
  await releaseLlama();
}
