/** What images cost in tokens, by family of models, where the rule is public. */
export { anthropicLimits } from './anthropic.ts';
export { imageTokens, tokenRules, tokensByFamily } from './image-tokens.ts';
export { planTokens, type BeforeAfter } from './plan-tokens.ts';
export type { PixelSize, TokenRule } from './rule.ts';
