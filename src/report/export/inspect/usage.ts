import type { JsonObject } from '../../../core/index.ts';

export interface TokenCounts {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cachedInputTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
  readonly cost?: number | undefined;
}

/** Token counts in Inspect's shape. */
export function inspectUsage(counts: TokenCounts): JsonObject {
  const input = counts.inputTokens ?? 0;
  const output = counts.outputTokens ?? 0;
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    ...(counts.cachedInputTokens !== undefined && { input_tokens_cache_read: counts.cachedInputTokens }),
    ...(counts.reasoningTokens !== undefined && { reasoning_tokens: counts.reasoningTokens }),
    ...(counts.cost !== undefined && { total_cost: counts.cost }),
  };
}
