import { aroundCalls, type Model, type ModelRole, type ModelsByRole } from '../../core/index.ts';
import { ModelError, type ModelSet } from '../../models/index.ts';
import { resolveRoles } from '../resolve-roles.ts';
import type { RunConfig } from '../run-config.ts';

/** The models of all roles that are named. Calls wait for an endpoint that limits its rate, but not longer than `retryMs`. */
export function openModels(
  config: RunConfig,
  set: ModelSet,
  prepareModel: ((spec: string, role: ModelRole) => Promise<void>) | undefined,
  retryMs: number,
): Promise<ModelsByRole> {
  const named = Object.entries(config.models).filter(([, spec]) => spec !== 'none');
  const specs = { ...Object.fromEntries(named), main: config.models.main };
  return resolveRoles(specs, set, prepareModel, (model) => impatient(model, set, retryMs));
}

/** An endpoint that asked to be left alone for longer than anybody retries would keep every request waiting. */
function impatient(model: Model, set: ModelSet, retryMs: number): Model {
  return aroundCalls(model, async (make, options) => {
    const pausedMs = set.limiters().find(({ endpoint }) => endpoint === model.endpoint)?.pausedMs ?? 0;
    if (pausedMs <= retryMs) return make(options);
    throw new ModelError(`${model.endpoint} limits the rate, and asked to be left alone.`, {
      code: 'model-rate-limit',
      kind: 'rate-limit',
      retryable: false,
      retryAfterMs: pausedMs,
      where: model.endpoint,
    });
  });
}
