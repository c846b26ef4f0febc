import type { ArmOutcome } from '../../report/index.ts';
import type { ArmDefinition } from '../../training/index.ts';
import type { Judgement } from './judge-model.ts';
import type { Concept } from './prepare-data.ts';

/** One arm of one concept with one seed: a unit of work. */
export interface ArmUnit {
  readonly concept: Concept;
  readonly arm: ArmDefinition;
  readonly seed: number;
}

/** What became of a unit, with what comparing it with another needs. */
export interface JudgedArm {
  readonly outcome: ArmOutcome;
  readonly judgement: Judgement;
}

/** Outcomes by unit. */
export class ArmOutcomes {
  readonly #arms = new Map<string, JudgedArm>();

  add(judged: JudgedArm): void {
    this.#arms.set(keyOf(judged.outcome), judged);
  }

  of(unit: Pick<ArmOutcome, 'concept' | 'arm' | 'seed'>): JudgedArm | undefined {
    return this.#arms.get(keyOf(unit));
  }

  all(): readonly JudgedArm[] {
    return [...this.#arms.values()];
  }
}

const keyOf = ({ concept, arm, seed }: Pick<ArmOutcome, 'concept' | 'arm' | 'seed'>): string =>
  `${concept}\n${arm}\n${seed}`;

/** One line for people about a judged model. */
export function outcomeLine({ measures }: ArmOutcome): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const zero = measures.zeroShot;
  if (zero !== undefined) {
    const share = ({ correct, n }: { correct: number; n: number }): string => percent(n === 0 ? 0 : correct / n);
    return `forget ${share(zero.forget)}, retain ${share(zero.retain)}`;
  }
  const recall = measures.retrieval?.textToImage;
  if (recall === undefined) return '';
  return `recall@10 of texts: forget ${percent(recall.forget.recall['10'])}, retain ${percent(recall.retain.recall['10'])}`;
}
