import { type Method, type ModelRole, usageError } from '../core/index.ts';
import { methods } from '../methods/index.ts';

/**
 * Refuses a method that needs a model which nobody named, before anything is asked or paid.
 * @throws usage error that names the role's option
 */
export function requireRoles(
  method: Pick<Method, 'name' | 'roles'>,
  models: { readonly [role in ModelRole]?: unknown },
): void {
  const needed = method.roles ?? methods.find(({ name }) => name === method.name)?.roles ?? [];
  for (const role of needed) {
    if (models[role] !== undefined) continue;
    throw usageError(`The method "${method.name}" needs a model as ${role}.`, {
      code: 'role-missing',
      where: `--${role}`,
      hint: `Name one with --${role} MODEL; it may be the same as --model.`,
    });
  }
}
