import type { ModelConfig } from './config-schema.ts';
import type { Environment } from './keys.ts';
import { testModels } from './test-model.ts';

interface Provider {
  readonly description: string;
  readonly example: string;
  /** Variable that holds the key. */
  readonly keyEnv?: string;
}

/** What can stand before the colon without any configuration. */
export const builtInProviders: Readonly<Record<string, Provider>> = {
  openai: {
    description: 'OpenAI, or what OPENAI_BASE_URL points to',
    example: 'openai:gpt-4.1-mini',
    keyEnv: 'OPENAI_API_KEY',
  },
  anthropic: {
    description: 'Anthropic, through its AI SDK provider',
    example: 'anthropic:claude-sonnet-4-5',
    keyEnv: 'ANTHROPIC_API_KEY',
  },
  google: {
    description: 'Google Gemini, through its AI SDK provider',
    example: 'google:gemini-2.5-flash',
    keyEnv: 'GOOGLE_GENERATIVE_AI_API_KEY',
  },
  local: { description: 'a model in this process, through llama.cpp', example: 'local:NAME or local:FILE.gguf' },
  onnx: {
    description: 'a text encoder or classifier in this process, through ONNX Runtime',
    example: 'onnx:all-MiniLM-L6-v2 or onnx:FOLDER',
  },
  clip: { description: 'an exported image-text model in this process, through ONNX Runtime', example: 'clip:FOLDER' },
  engine: {
    description: 'a Hugging Face checkpoint, through the engine (PyTorch)',
    example: 'engine:FOLDER or engine:hub/OWNER/NAME',
  },
  test: { description: 'deterministic models without weights', example: 'test:echo' },
};

export function providerNames(config: ModelConfig | undefined): string[] {
  return [...new Set([...Object.keys(builtInProviders), ...Object.keys(config?.endpoints ?? {})])];
}

/** One line of `fettle list models`. */
export interface ListedProvider {
  readonly name: string;
  readonly description: string;
  readonly example: string;
  /** False where a key is needed and not set. */
  readonly ready: boolean;
  /** What is missing, where it is not ready. */
  readonly missing?: string;
}

/** Everything that `--model` understands, with what is missing to use it. Reads no file and opens no connection. */
export function listProviders(
  options: { config?: ModelConfig | undefined; env?: Environment | undefined } = {},
): ListedProvider[] {
  const { config, env = process.env } = options;
  const endpoints = config?.endpoints ?? {};
  const listed: ListedProvider[] = [
    {
      name: 'http(s)://…',
      description: 'any OpenAI-compatible endpoint (key in FETTLE_API_KEY)',
      example: 'http://127.0.0.1:8000/v1#NAME',
      ready: true,
    },
  ];
  for (const [name, { description, example, keyEnv }] of Object.entries(builtInProviders)) {
    if (Object.hasOwn(endpoints, name)) continue;
    const needsKey = keyEnv !== undefined && !(name === 'openai' && env.OPENAI_BASE_URL);
    listed.push({ name, description, example, ...readiness(needsKey ? keyEnv : undefined, env) });
  }
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const description = `endpoint of the configuration${endpoint.baseUrl === undefined ? '' : ` at ${endpoint.baseUrl}`}`;
    const example = `${name}:${Object.keys(endpoint.prices ?? {})[0] ?? 'NAME'}`;
    listed.push({ name, description, example, ...readiness(endpoint.keyEnv, env) });
  }
  for (const [name, description] of Object.entries(testModels)) {
    listed.push({ name: `test:${name}`, description, example: `test:${name}`, ready: true });
  }
  return listed;
}

function readiness(keyEnv: string | undefined, env: Environment): { ready: boolean; missing?: string } {
  return keyEnv === undefined || env[keyEnv] ? { ready: true } : { ready: false, missing: keyEnv };
}
