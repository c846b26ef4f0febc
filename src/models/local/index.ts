/** Models as GGUF files, run by llama.cpp inside this process on the CPU. */
export { createLocalModel, type LocalModelOptions } from './local-model.ts';
