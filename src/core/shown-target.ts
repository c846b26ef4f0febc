import type { JsonValue } from './json.ts';

/**
 * A sample's target as people read it: a text as it is; of an object the text in its `answer`, since what else it holds
 * is for the scorer; anything else as JSON.
 */
export function shownTarget(target: JsonValue): string {
  if (typeof target === 'string') return target;
  if (typeof target === 'object' && target !== null && !Array.isArray(target)) {
    const answer = Object.hasOwn(target, 'answer')
      ? (target as Readonly<Record<string, JsonValue>>)['answer']
      : undefined;
    if (typeof answer === 'string') return answer;
  }
  return JSON.stringify(target);
}
