import type { MethodDefinition } from '../core/index.ts';
import { bestOfN } from './best-of-n/index.ts';
import { chainOfThought } from './chain-of-thought/index.ts';
import { direct } from './direct/index.ts';
import { leopard } from './leopard/index.ts';
import { locateError } from './locate-error/index.ts';
import { loglikelihood } from './loglikelihood/index.ts';
import { zeroShot } from './zero-shot/index.ts';
import { selfConsistency } from './self-consistency/index.ts';
import { selfCorrect } from './self-correct/index.ts';
import { stepLabels } from './step-labels/index.ts';
import { stepco } from './stepco/index.ts';

/** Every method that `--method` knows. A new one is one line here and one folder beside. */
export const methods: readonly MethodDefinition[] = [
  direct,
  chainOfThought,
  selfConsistency,
  bestOfN,
  selfCorrect,
  stepco,
  locateError,
  stepLabels,
  loglikelihood,
  leopard,
  zeroShot,
];
