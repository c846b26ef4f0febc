import { z } from 'zod';
import { clipConfigSchema } from './clip-config.ts';
import { cliperaseConfigSchema } from './cliperase-config.ts';

/** One setting of a recipe, as `--set RECIPE.NAME=VALUE` and configuration files name it. */
export interface RecipeSetting {
  /** Path below the recipe: `steps`, `forgetting.form`. */
  readonly name: string;
  /** Undefined where the recipe works it out or it may be absent. */
  readonly default?: unknown;
  /** The values that there are, where they can be listed. */
  readonly values?: readonly string[];
  readonly description?: string;
}

/** A kind of training, with everything that can be set about it. */
export interface RecipeDescription {
  readonly name: string;
  readonly description: string;
  readonly settings: readonly RecipeSetting[];
}

/** Every recipe, in the order of the command's help. */
export const recipes: readonly RecipeDescription[] = [
  {
    name: 'clip',
    description: 'Contrastive training of a compact image-text model (CLIP) from scratch.',
    settings: settingsOf(clipConfigSchema),
  },
  {
    name: 'cliperase',
    description:
      'Unlearning of concepts of an image-text model by forgetting, retention and consistency (CLIPErase), with its ablation and baselines.',
    settings: settingsOf(cliperaseConfigSchema),
  },
];

function settingsOf(schema: z.ZodObject, prefix = '', fallback: unknown = undefined): RecipeSetting[] {
  return Object.entries(schema.shape).flatMap(([key, field]): RecipeSetting[] => {
    const name = `${prefix}${key}`;
    const own = (fallback as Record<string, unknown> | undefined)?.[key] ?? defaultOf(field);
    const inner = bare(field);
    if (inner instanceof z.ZodObject) return settingsOf(inner, `${name}.`, own);
    const values = inner instanceof z.ZodEnum ? inner.options.map(String) : undefined;
    const description = (field as z.ZodType).description;
    return [
      {
        name,
        ...(own === undefined ? {} : { default: own }),
        ...(values === undefined ? {} : { values }),
        ...(description === undefined ? {} : { description }),
      },
    ];
  });
}

function defaultOf(field: z.core.$ZodType): unknown {
  const parsed = z.safeParse(field, undefined);
  return parsed.success ? parsed.data : undefined;
}

/** The schema within defaults and the like. */
function bare(field: z.core.$ZodType): z.core.$ZodType {
  return field instanceof z.ZodDefault || field instanceof z.ZodOptional ? bare(field.unwrap()) : field;
}
