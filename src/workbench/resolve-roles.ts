import type { Model, ModelRole, ModelsByRole } from '../core/index.ts';
import type { ModelSet } from '../models/index.ts';
import type { RunConfig } from './run-config.ts';

/** Opens the models of all roles that are named, each as `dressed` gives it back. */
export async function resolveRoles(
  specs: RunConfig['models'],
  set: ModelSet,
  prepareModel: ((spec: string, role: ModelRole) => Promise<void>) | undefined,
  dressed: (model: Model, role: ModelRole) => Model,
): Promise<ModelsByRole> {
  const models: { -readonly [role in ModelRole]?: Model } = {};
  for (const role of ['main', 'judge', 'verifier', 'embedder'] as const) {
    const spec = specs[role];
    if (spec === undefined) continue;
    await prepareModel?.(spec, role);
    models[role] = dressed(await set.resolve(spec), role);
  }
  // The schema has a main model.
  return models as ModelsByRole;
}
