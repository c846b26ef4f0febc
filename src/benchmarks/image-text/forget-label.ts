import { errorMessage, usageError } from '../../core/index.ts';
import { forgetTest, type ImageItem, parseForgetRule } from '../../data/index.ts';

/** Which items a rule means, for labels. An id may be written without its folders. */
export function forgetLabel(rule: string): (item: ImageItem) => boolean {
  let test: ReturnType<typeof forgetTest>;
  try {
    test = forgetTest(parseForgetRule(rule));
  } catch (cause) {
    throw usageError(`${JSON.stringify(rule)} is no forget rule: ${errorMessage(cause)}.`, {
      where: '--option forget',
      hint: 'Write classes=apple,pear or words=dog plural=yes; parts are joined by ";".',
      cause,
    });
  }
  return (item) => test(item) || test({ id: item.id.slice(item.id.lastIndexOf('/') + 1) });
}
