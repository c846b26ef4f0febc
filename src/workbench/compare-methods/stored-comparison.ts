import { type RunRecord, type Store, usageError } from '../../core/index.ts';
import { type RunConfig, runConfigSchema } from '../run-config.ts';

/** A comparison as its runs tell it. */
export interface StoredComparison {
  readonly id: string;
  readonly methods: readonly string[];
  /** What all runs have alike, with the newest budget. */
  readonly config: RunConfig & { readonly comparison: NonNullable<RunConfig['comparison']> };
  /** By place; undefined where a method was not started. */
  readonly runs: readonly (RunRecord | undefined)[];
}

type ComparedConfig = StoredComparison['config'];

function configOf(run: RunRecord): ComparedConfig | undefined {
  const { data } = runConfigSchema.safeParse(run.config);
  return data?.comparison === undefined ? undefined : { ...data, comparison: data.comparison };
}

/**
 * Finds a comparison by its id or a unique beginning of it, or the newest one by `last`.
 * @throws usage error where there is none, or several
 */
export async function storedComparison(store: Store, id: string): Promise<StoredComparison> {
  const members = (await store.listRuns()).flatMap((run) => {
    const config = run.config['comparison'] === undefined ? undefined : configOf(run);
    return config === undefined ? [] : [{ run, config }];
  });
  const ids = [...new Set(members.map(({ config }) => config.comparison.id))];
  const found = id === 'last' ? ids.slice(0, 1) : ids.filter((one) => one === id || one.startsWith(id));
  const exact = found.includes(id) ? id : found[0];
  if (exact === undefined || (found.length > 1 && exact !== id)) {
    throw usageError(found.length > 1 ? `Several comparisons begin with "${id}".` : `There is no comparison "${id}".`, {
      code: 'unknown-comparison',
      where: '--resume',
      hint:
        ids.length === 0
          ? 'No run of this store belongs to a comparison. Is --home the folder that you mean?'
          : `There are: ${ids.slice(0, 10).join(', ')}. \`last\` stands for the newest.`,
    });
  }
  // Newest first: a place that was run again is its newest run.
  const own = members.filter(({ config }) => config.comparison.id === exact);
  const newest = own[0]?.config as ComparedConfig;
  return {
    id: exact,
    methods: newest.comparison.methods,
    config: newest,
    runs: newest.comparison.methods.map((_, place) => own.find((one) => one.config.comparison.place === place)?.run),
  };
}
