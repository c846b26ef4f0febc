import type { FinishReason, GenerateResponse, Usage } from '../../core/index.ts';
import { cleanText } from '../clean-text.ts';
import { ModelError } from '../model-error.ts';

type Fields = Record<string, unknown>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads what `doGenerate` of version 2, 3 or 4 gives. */
export function readResult(result: unknown, where: string): { response: GenerateResponse; warnings: string[] } {
  if (!isRecord(result) || !Array.isArray(result.content)) {
    throw new ModelError(`${where} gave a result without "content".`, {
      code: 'model-invalid-response',
      kind: 'invalid-response',
      retryable: false,
      where,
      hint: 'Is the provider of a version of the AI SDK from 2 on?',
    });
  }
  let text = '';
  let reasoning = '';
  for (const part of result.content) {
    if (!isRecord(part) || typeof part.text !== 'string') continue;
    if (part.type === 'text') text += part.text;
    else if (part.type === 'reasoning') reasoning += part.text;
  }
  const model = isRecord(result.response) ? result.response.modelId : undefined;
  return {
    response: {
      text,
      finishReason: finishReason(isRecord(result.finishReason) ? result.finishReason.unified : result.finishReason),
      usage: readUsage(result.usage),
      ...(reasoning !== '' && { reasoning }),
      ...(typeof model === 'string' && { model }),
    },
    warnings: Array.isArray(result.warnings) ? result.warnings.map(warningText) : [],
  };
}

function finishReason(reason: unknown): FinishReason {
  switch (reason) {
    case 'stop':
    case 'length':
    case 'content-filter':
    case 'error':
      return reason;
    default:
      return 'other';
  }
}

/** Version 2 counts flat, later ones in parts. */
function readUsage(usage: unknown): Usage {
  if (!isRecord(usage)) return {};
  const { inputTokens: input, outputTokens: output } = usage;
  const cached = count(isRecord(input) ? input.cacheRead : usage.cachedInputTokens);
  const reasoning = count(isRecord(output) ? output.reasoning : usage.reasoningTokens);
  return {
    inputTokens: count(isRecord(input) ? input.total : input),
    outputTokens: count(isRecord(output) ? output.total : output),
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  };
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function warningText(warning: unknown): string {
  if (!isRecord(warning)) return cleanText(String(warning));
  const subject = warning.feature ?? warning.setting ?? warning.message ?? '';
  const details = typeof warning.details === 'string' ? `: ${warning.details}` : '';
  return cleanText(`${String(warning.type)} ${String(subject)}${details}`);
}
