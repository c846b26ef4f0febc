export interface CatalogueEntry {
  readonly name: string;
  readonly description: string;
  /** What can be set about it, where that is a list of its own. */
  readonly settings?: readonly CatalogueSetting[];
}

export interface CatalogueSetting {
  readonly name: string;
  readonly default?: unknown;
  readonly values?: readonly string[];
  readonly description?: string;
}

/** Everything that names on the command line can mean. */
export async function catalogue(): Promise<
  Record<'benchmarks' | 'methods' | 'models' | 'recipes' | 'scorers', CatalogueEntry[]>
> {
  const { benchmarks } = await import('../benchmarks/index.ts');
  const { methods } = await import('../methods/index.ts');
  const { listProviders, loadModelConfig, modelCatalog } = await import('../models/index.ts');
  const { scorerList } = await import('../scorers/index.ts');
  const { recipes } = await import('../training/index.ts');
  const config = await loadModelConfig();
  return {
    benchmarks: benchmarks.map(({ name, description }) => ({ name, description })),
    methods: methods.map(({ name, description, options }) => {
      const names = Object.keys(options.shape);
      return { name, description: names.length === 0 ? description : `${description} Options: ${names.join(', ')}.` };
    }),
    models: [
      ...listProviders({ config }).map(({ name, description, ready, missing }) => ({
        name,
        description: ready ? description : `${description} (needs ${missing ?? 'a key'})`,
      })),
      ...modelCatalog.map(({ name, kind, description }) => ({
        name: `${kind === 'gguf' ? 'local' : 'onnx'}:${name}`,
        description,
      })),
    ],
    recipes: recipes.map((entry) => ({ ...entry })),
    scorers: scorerList.map((entry) => ({ ...entry })),
  };
}
