import type { Summary } from '../report/index.ts';

/** Why figures of tasks, groups or the whole could not be made although they were asked for, one line each. */
export function brokenFigures(summary: Pick<Summary, 'tasks' | 'groupDetails' | 'overallDetail' | 'errors'>): string[] {
  const told = new Set(summary.errors.map(({ message }) => message));
  const lines: string[] = [];
  const figures = [
    ...Object.entries(summary.tasks),
    ...Object.entries(summary.groupDetails),
    ['overall', summary.overallDetail] as const,
  ];
  for (const [name, { error }] of figures) {
    // The whole repeats what its groups say.
    if (error === undefined || [...told].some((message) => error.endsWith(message))) continue;
    told.add(error);
    lines.push(`${name}: ${error}`);
  }
  return lines;
}

/** True where a figure is missing because its scoring broke, which is a failed command. */
export function hasBrokenFigure(summary: Pick<Summary, 'tasks' | 'groupDetails' | 'overallDetail'>): boolean {
  return [...Object.values(summary.tasks), ...Object.values(summary.groupDetails), summary.overallDetail].some(
    ({ error }) => error !== undefined,
  );
}
