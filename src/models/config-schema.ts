import { z } from 'zod';

const prices = z
  .strictObject({
    inputPerMillion: z.number().nonnegative(),
    outputPerMillion: z.number().nonnegative(),
    cachedInputPerMillion: z.number().nonnegative().exactOptional(),
  })
  .describe('Money for a million tokens');

const endpoint = z.strictObject({
  api: z
    .enum(['openai', 'anthropic', 'google'])
    .exactOptional()
    .describe('What the endpoint speaks; openai where absent'),
  baseUrl: z
    .url({ protocol: /^https?$/, message: 'must be an http or https address' })
    .exactOptional()
    .describe('Everything before /chat/completions'),
  keyEnv: z.string().min(1).exactOptional().describe('Environment variable that holds the key'),
  keyFile: z.string().min(1).exactOptional().describe('File that holds the key, relative to the configuration'),
  keyHeader: z.string().min(1).exactOptional().describe('Header that carries the key, authorization where absent'),
  headers: z
    .record(z.string(), z.union([z.string(), z.strictObject({ env: z.string().min(1) })]))
    .exactOptional()
    .describe('Further headers; secret ones as { "env": "NAME" }'),
  omit: z.array(z.string()).exactOptional().describe('Fields of requests that the endpoint does not know'),
  extra: z.record(z.string(), z.json()).exactOptional().describe('Fields sent with every request'),
  maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).exactOptional(),
  loglikelihood: z.boolean().exactOptional().describe('false where given continuations cannot be scored'),
  maxConcurrency: z.int().positive().exactOptional().describe('Most calls at once'),
  timeoutSeconds: z.number().positive().exactOptional().describe('For one whole answer; 600 where absent'),
  stallSeconds: z.number().positive().exactOptional().describe('Longest silence within an answer; 120 where absent'),
  prices: z.record(z.string(), prices).exactOptional().describe('By name of model'),
});

/** What `fettle.config.json` may hold. */
export const configSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  endpoints: z.record(z.string().regex(/^[\w.-]+$/, 'must be letters, digits, . _ -'), endpoint).exactOptional(),
  prices: z.record(z.string(), prices).exactOptional().describe('By PROVIDER:NAME, or by name of model alone'),
});

export type ModelConfig = z.output<typeof configSchema>;
export type EndpointConfig = z.output<typeof endpoint>;
