import type { MethodDefinition } from '../core/index.ts';
import { direct } from './direct/index.ts';
import { leopard } from './leopard/index.ts';
import { loglikelihood } from './loglikelihood/index.ts';
import { zeroShot } from './zero-shot/index.ts';
import { selfConsistency } from './self-consistency/index.ts';

/** Every method that `--method` knows. A new one is one line here and one folder beside. */
export const methods: readonly MethodDefinition[] = [direct, selfConsistency, loglikelihood, leopard, zeroShot];
