export { eic, processbench } from './benchmark.ts';
