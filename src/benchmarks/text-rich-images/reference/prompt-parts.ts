import { referenceLetters } from './parse-choice.ts';

/** The instructions that the released prompts end with. Their words are not ours; which one applies is. */
export type InstructionKind = 'none' | `${'direct' | 'cot'}-${'choice' | 'other'}`;

/** Choices are asked for a letter, everything else (captions too) for a word or phrase. */
export function instructionKind(setting: 'direct' | 'cot' | 'none', questionType: string): InstructionKind {
  if (setting === 'none') return 'none';
  return `${setting}-${questionType === 'multiple-choice' ? 'choice' : 'other'}`;
}

/** Keeps the first `count` image markers of a text. */
export function retainImages(text: string, count: number): string {
  let seen = 0;
  return text.replaceAll('<image>', (marker) => (seen++ < count ? marker : ''));
}

/**
 * Options as the released prompts list them; nothing where there is no list.
 * @throws RangeError above 14 options, which the released code has no letters for.
 */
export function refineOptions(options: readonly string[] | null): string {
  if (options === null) return '';
  if (options.length > referenceLetters.length) throw new RangeError(`refineOptions: ${options.length} options`);
  return `\nOptions: ${options.map((option, i) => `${referenceLetters[i] as string}. ${option}`).join(' ')}\n`;
}

/** Sizes of the shards that the released code divides `count` rows into: all full but the last, later ones empty. */
export function shardSizes(count: number, shards: number): number[] {
  const size = Math.floor(count / shards) + 1;
  return Array.from({ length: shards }, (_, i) => Math.max(0, Math.min(size, count - i * size)));
}

/** The shard, from 0, that a row belongs to. */
export function shardOf(row: number, count: number, shards: number): number {
  return Math.floor(row / (Math.floor(count / shards) + 1));
}
