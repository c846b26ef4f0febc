/** One problem as its set gives it. */
export interface Problem {
  readonly id: string;
  readonly question: string;
  /** As released; a number where the file has one. */
  readonly gold: string | number;
  /** Options with their letters as released (`A)21`), for choices. */
  readonly options?: readonly string[];
  /** Worked solution, where the set has one. */
  readonly solution?: string;
  /** Problems made from one are a cluster for the statistics. */
  readonly group?: string;
  /** `level`, `subject`, `source`, `steps`, `type`, `grade`, where the set tells them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly file: string;
  readonly line: number;
}

/** What a row says, before its place is known. */
export type ProblemContent = Omit<Problem, 'id' | 'file' | 'line'> & { readonly id?: string };

/** What is wrong with a row, without its place. */
export interface RowTrouble {
  readonly message: string;
  readonly hint?: string;
}

/** The gold answer as a text: 51.0 of a JSON file is "51". */
export function goldText({ gold }: Pick<Problem, 'gold'>): string {
  return typeof gold === 'number' ? String(gold) : gold;
}
