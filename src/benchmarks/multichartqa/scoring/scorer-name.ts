/** Name of the benchmark's own scorer in results. */
export const scorerName = 'multichartqa';
