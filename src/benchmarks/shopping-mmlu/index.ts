/** Shopping MMLU: loader for its three layouts, prompts, strict and reference scoring, its table, demonstration set. */
export { shoppingMmlu } from './benchmark.ts';
