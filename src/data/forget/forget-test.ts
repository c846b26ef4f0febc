import type { ImageItem } from '../image-sets/image-set.ts';
import type { ForgetPart, ForgetRule } from './forget-rule.ts';
import { wordTest } from './word-pattern.ts';

/** What a rule looks at. */
export type RuleItem = Pick<ImageItem, 'id' | 'class' | 'superclass' | 'captions'> & {
  /** Lower-case hex sha256 of the image's bytes, where it is known already. */
  readonly sha256?: string | undefined;
};

/** Whether a rule means an item. Nothing is checked against the data: `applyForgetRule` does that. */
export function forgetTest(rule: ForgetRule): (item: RuleItem) => boolean {
  const tests = rule.any.map(partTest);
  return (item) => tests.some((test) => test(item));
}

/** Whether one part of a rule means an item. */
export function partTest(part: ForgetPart): (item: RuleItem) => boolean {
  if ('classes' in part) {
    const names = new Set(part.classes);
    return (item) => item.class !== undefined && names.has(item.class);
  }
  if ('superclasses' in part) {
    const names = new Set(part.superclasses);
    return (item) => item.superclass !== undefined && names.has(item.superclass);
  }
  if ('ids' in part) {
    const ids = new Set(part.ids);
    return (item) => ids.has(item.id);
  }
  return captionTest(part);
}

/** Whether an item's captions hold the words; `onFound` is told how many of an item's captions do. */
export function captionTest(
  part: Extract<ForgetPart, { words: unknown }>,
  onFound?: (captions: number) => void,
): (item: RuleItem) => boolean {
  const matches = wordTest(part.words, part);
  return ({ captions = [] }) => {
    const found = captions.filter(matches).length;
    onFound?.(found);
    return part.captions === 'any' ? found > 0 : found > 0 && found === captions.length;
  };
}
