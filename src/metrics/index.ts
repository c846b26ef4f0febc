// Pure functions from answers to numbers, and the statistics over them. Imports no other room, so errors here are
// RangeError and TypeError, and only for what a caller cannot have meant: no answer text makes anything throw.
export * from './text/rouge.ts';
export { setRouge, type SetRouge } from './text/set-rouge.ts';
export { rougeTokens, type RougeTokenOptions } from './text/rouge-tokens.ts';
export { porterStem } from './text/porter-stemmer.ts';
export { lcsLength } from './text/lcs.ts';
export * from './text/bleu.ts';
export { nltkSentenceBleu, type NltkBleuOptions } from './text/nltk-bleu.ts';
export type { BleuTokenizer, BleuTokenizerName } from './text/bleu-tokenizers.ts';
export { loadJapaneseTokenizer } from './japanese/tokenizer.ts';
export * from './ranking/ndcg.ts';
export * from './ranking/hit-rate.ts';
export * from './ranking/set-scores.ts';
export * from './ranking/classification.ts';
export * from './answers/index.ts';
export * from './documents/index.ts';
export * from './statistics/index.ts';
export * from './retrieval/recall.ts';
export * from './unlearning/distributions.ts';
export * from './unlearning/measures.ts';
export * from './unlearning/membership.ts';
export * from './unlearning/relearning.ts';
