export const modes = ['strict', 'reference'] as const;
export type Mode = (typeof modes)[number];

/** The eight kinds of question of the expanded release, as the data names them, then those of the first release alone. */
export const knownTasks = [
  'Direct_Questions/Structure',
  'Direct_Questions/Content',
  'Parallel_Questions/Structure',
  'Parallel_Questions/Mixed',
  'Parallel_Questions/Content',
  'Comparative_Reasoning/Structure',
  'Comparative_Reasoning/Content',
  'Sequential_Reasoning/Content',
  'Comparative_Reasoning/Easy',
  'Comparative_Reasoning/Hard',
  'Sequential_Reasoning',
] as const;

/** Questions that a chart group has in every release. */
export const questionsPerGroup = 4;

const categories: Readonly<Record<string, string>> = {
  Direct_Questions: 'Direct',
  Parallel_Questions: 'Parallel',
  Comparative_Reasoning: 'Comparative',
  Sequential_Reasoning: 'Sequential',
};

/** Order of the table's lines. */
export const categoryOrder = Object.values(categories);

/** `Direct_Questions/Structure` is of the category Direct; unknown kinds are a category of their own. */
export function categoryOf(task: string): string {
  const [head = task] = task.split('/');
  return categories[head] ?? head;
}

/** `Structure`, `Content`, `Mixed`; the first release's Sequential_Reasoning has none. */
export function subtypeOf(task: string): string {
  return task.includes('/') ? task.slice(task.indexOf('/') + 1) : 'all';
}

const sources: Readonly<Record<string, string>> = {
  arxiv: 'arXiv',
  oecd: 'OECD',
  owid: 'Our World in Data',
  pew: 'Pew',
  usafacts: 'USAFacts',
  weforum: 'World Economic Forum',
  datacommons: 'Data Commons',
  iea: 'IEA',
  gallup: 'Gallup',
  gapminder: 'Gapminder',
};

/** Who published the charts, from the group's name: `added_IEA_1`, `pew_0_short-reads_…`. */
export function sourceOf(group: string): string {
  const [head = ''] = group.replace(/^added_/, '').split('_');
  return sources[head.toLowerCase()] ?? 'other';
}
