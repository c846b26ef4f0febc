import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FettleError, usageError } from '../../core/index.ts';
import { architectures, type ClipConfig, clipConfigSchema } from '../../training/index.ts';
import type { ExperimentConfig } from './experiment-config.ts';

/** Where the original models come from. */
export interface OriginalRecipe {
  readonly name: string;
  /** Side of the pictures that the model takes. */
  readonly imageSize: number;
  /** How a model like it is trained from scratch; null where nobody knows. */
  readonly retrain: ClipConfig | null;
}

const modelConfigSchema = z.object({
  model_type: z.string(),
  vision_config: z.object({ image_size: z.int().min(1) }),
});

/** What `fettle train clip` writes beside a checkpoint. */
const provenanceSchema = z.object({ recipe: z.object({ name: z.literal('clip'), config: clipConfigSchema }) });

/**
 * Says how the experiment's original models are had; `given` is the folder of one, where they are not trained here.
 * Throws where a given checkpoint cannot be one.
 */
export async function originalRecipe(config: ExperimentConfig, given: string | undefined): Promise<OriginalRecipe> {
  if (config.model === null || given === undefined) {
    const { architecture } = config.clip;
    const sizes = typeof architecture === 'string' ? architectures[architecture] : architecture;
    if (config.size !== undefined && config.size !== sizes.imageSize) {
      throw usageError(`The model takes pictures of ${sizes.imageSize} pixels, not ${config.size}.`, {
        where: '--size',
        hint: 'Leave the size out, or give an architecture of that size in the configuration file.',
      });
    }
    const name = typeof architecture === 'string' ? `a ${architecture} CLIP` : 'a compact CLIP';
    return { name, imageSize: sizes.imageSize, retrain: config.clip };
  }
  const folder = given;
  const parsed = modelConfigSchema.safeParse(await readJsonFile(join(folder, 'config.json'), folder));
  if (!parsed.success || !['clip', 'siglip'].includes(parsed.data.model_type)) {
    throw new FettleError(`${folder} is no checkpoint of a CLIP or SigLIP model.`, {
      code: 'checkpoint-invalid',
      where: join(folder, 'config.json'),
      hint: 'Name a Hugging Face folder with config.json (model_type clip or siglip), model.safetensors and a tokenizer.',
    });
  }
  const provenance = provenanceSchema.safeParse(await readJsonFile(join(folder, 'recipe.json'), null));
  return {
    name: basename(config.model),
    imageSize: config.size ?? parsed.data.vision_config.image_size,
    retrain: provenance.success ? provenance.data.recipe.config : null,
  };
}

/** `folder` is named in the error; null gives undefined where the file cannot be read. */
async function readJsonFile(file: string, folder: string | null): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if (folder === null) return undefined;
    throw new FettleError(`There is no checkpoint in ${folder}: its config.json cannot be read.`, {
      code: 'checkpoint-invalid',
      where: file,
      hint: 'Name the folder of a Hugging Face checkpoint, or leave --model out to train a compact one first.',
      cause,
    });
  }
}
