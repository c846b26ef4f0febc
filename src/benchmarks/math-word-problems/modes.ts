/** `strict`: by what answers mean. `reference`: the scorer of StepCo's released code. `prm800k`: PRM800K's grader of MATH. */
export const mathModes = ['strict', 'reference', 'prm800k'] as const;
export type MathMode = (typeof mathModes)[number];

export const plainModes = ['strict', 'reference'] as const;
