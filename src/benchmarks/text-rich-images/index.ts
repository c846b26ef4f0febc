export { textRichBenchmark } from './benchmark.ts';
