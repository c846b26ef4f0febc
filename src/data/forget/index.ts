export {
  applyForgetRule,
  type ApplyForgetRuleOptions,
  type ForgetCount,
  type ForgetSelection,
} from './apply-forget-rule.ts';
export {
  describeForgetPart,
  describeForgetRule,
  forgetPartSchema,
  forgetRuleSchema,
  type ForgetPart,
  type ForgetRule,
} from './forget-rule.ts';
export { forgetTest, type RuleItem } from './forget-test.ts';
export { checkForgetRule, parseForgetRule } from './parse-forget-rule.ts';
export { readForgetRule, type ReadForgetRuleOptions } from './read-forget-rule.ts';
export { wordTest } from './word-pattern.ts';
