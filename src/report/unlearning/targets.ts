import { formatRate } from './format-rate.ts';

/** What counts as forgotten and as retained. */
export interface Targets {
  /** Highest forget accuracy, from 0 to 1. Default 0.02. */
  readonly forgetAtMost: number;
  /** Least share of the retain accuracy before. Default 0.98. */
  readonly retainKeptAtLeast: number;
}

export const defaultTargets: Targets = { forgetAtMost: 0.02, retainKeptAtLeast: 0.98 };

/** Whether one model reaches the targets. */
export interface TargetCheck {
  readonly concept: string;
  readonly seed: number;
  readonly forgetBefore: number | null;
  readonly forget: number | null;
  readonly retainBefore: number | null;
  readonly retain: number | null;
  /** Retain accuracy over that before. */
  readonly retainKept: number | null;
  readonly holds: boolean;
  /** Why not; empty where the targets hold. */
  readonly reasons: readonly string[];
}

/** Rounding of a ratio must not fail a target that is met exactly. */
const slack = 1e-9;

export function checkTargets(
  figures: Omit<TargetCheck, 'retainKept' | 'holds' | 'reasons'>,
  targets: Targets,
): TargetCheck {
  const { forget, retain, retainBefore } = figures;
  const retainKept = retain === null || retainBefore === null || retainBefore === 0 ? null : retain / retainBefore;
  const reasons: string[] = [];
  if (forget === null) reasons.push('the forget set was not measured');
  else if (forget > targets.forgetAtMost + slack)
    reasons.push(`forget ${formatRate(forget)}, more than ${formatRate(targets.forgetAtMost)}`);
  if (retain === null) reasons.push('the retain set was not measured');
  else if (retainKept === null) reasons.push('the model before was not measured, so nothing to hold retention against');
  else if (retainKept < targets.retainKeptAtLeast - slack)
    reasons.push(
      `retain ${formatRate(retain)} is ${formatRate(retainKept, 2)} of what it was, less than ${formatRate(targets.retainKeptAtLeast)}`,
    );
  return { ...figures, retainKept, holds: reasons.length === 0, reasons };
}
