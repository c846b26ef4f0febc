import type { z } from 'zod';
import { type Method, type MethodDefinition, usageError } from '../core/index.ts';
import { methods } from './registry.ts';

function describeOptions(schema: z.ZodObject): string {
  const names = Object.keys(schema.shape);
  return names.length === 0 ? 'It has no options.' : `Its options: ${names.join(', ')}.`;
}

/**
 * Makes a method from how it is written on the command line: `NAME` or `NAME:option=value,option=value`.
 * @throws usage error naming the methods or options there are.
 */
export function createMethod(spec: string, definitions: readonly MethodDefinition[] = methods): Method {
  const colon = spec.indexOf(':');
  const name = colon === -1 ? spec : spec.slice(0, colon);
  const definition = definitions.find((candidate) => candidate.name === name);
  if (definition === undefined) {
    throw usageError(`There is no method "${name}".`, {
      where: '--method',
      hint: `Methods: ${definitions.map((candidate) => candidate.name).join(', ')}.`,
    });
  }
  const given: Record<string, string> = {};
  const text = colon === -1 ? '' : spec.slice(colon + 1);
  for (const part of text.split(',').filter((piece) => piece !== '')) {
    const equals = part.indexOf('=');
    if (equals === -1) {
      throw usageError(`"${part}" is no option of the method "${name}".`, {
        where: '--method',
        hint: `Write options as name=value. ${describeOptions(definition.options)}`,
      });
    }
    const option = part.slice(0, equals);
    if (!Object.hasOwn(definition.options.shape, option)) {
      throw usageError(`The method "${name}" has no option "${option}".`, {
        where: '--method',
        hint: describeOptions(definition.options),
      });
    }
    given[option] = part.slice(equals + 1);
  }
  const parsed = definition.options.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw usageError(`The option "${issue?.path.join('.') ?? ''}" of the method "${name}": ${issue?.message ?? ''}.`, {
      where: '--method',
      hint: describeOptions(definition.options),
    });
  }
  return definition.create(parsed.data);
}
