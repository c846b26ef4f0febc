export { mathBenchmark } from './benchmark.ts';
