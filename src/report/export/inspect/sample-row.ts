import {
  messageText,
  type JsonObject,
  type JsonValue,
  type SampleResult,
  type StoredMessage,
} from '../../../core/index.ts';
import { inspectMetadata, inspectScores, inspectTarget } from './sample.ts';
import { inspectModel, isoTime } from './times.ts';
import { inspectUsage } from './usage.ts';

const longestText = 5120;
const longestValue = 1024;

/** A result in the list of samples (EvalSampleSummary), thinned as Inspect thins it. */
export function inspectSampleRow(id: string, result: SampleResult, model: string): JsonObject {
  return {
    id,
    epoch: result.epoch,
    input: cut(result.input.map(withPlaceholders).join('\n\n'), longestText),
    choices: result.choices,
    target: thinTarget(inspectTarget(result.target)),
    metadata: thin(inspectMetadata(result)),
    scores: Object.fromEntries(
      Object.entries(inspectScores(result)).map(([name, score]) => [name, thin(score as JsonObject)]),
    ),
    model_usage: { [inspectModel(model)]: inspectUsage(result.usage) },
    role_usage: {},
    started_at: isoTime(result.startedAt),
    completed_at: isoTime(result.startedAt + result.durationMs),
    total_time: result.durationMs / 1000,
    working_time: result.durationMs / 1000,
    uuid: `${id}-${result.epoch}`,
    error: result.error && cut(result.error.message, longestValue),
    completed: true,
    message_count: result.input.length + (result.answer === null ? 0 : 1),
  };
}

function withPlaceholders(message: StoredMessage): string {
  const images =
    typeof message.content === 'string' ? 0 : message.content.filter((part) => part.type === 'image').length;
  return messageText(message) + '\n(Image)'.repeat(images);
}

function thinTarget(target: JsonValue): JsonValue {
  return typeof target === 'string' ? cut(target, longestText) : target;
}

/** Strings are cut, structures of more than a kilobyte dropped. */
function thin(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .map(([key, value]) => [key, typeof value === 'string' ? cut(value, longestValue) : value] as const)
      .filter(([, value]) => typeof value !== 'object' || JSON.stringify(value).length <= longestValue),
  );
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
