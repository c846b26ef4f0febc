export interface CatalogueEntry {
  readonly name: string;
  readonly description: string;
}

/** Everything that names on the command line can mean. */
export async function catalogue(): Promise<Record<'benchmarks' | 'methods' | 'models' | 'scorers', CatalogueEntry[]>> {
  const { benchmarks } = await import('../benchmarks/index.ts');
  const { methods } = await import('../methods/index.ts');
  const { listProviders, loadModelConfig, modelCatalog } = await import('../models/index.ts');
  const { scorerList } = await import('../scorers/index.ts');
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
    scorers: scorerList.map((entry) => ({ ...entry })),
  };
}
