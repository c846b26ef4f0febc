import { z } from 'zod';
import { FettleError } from '../../core/index.ts';
import { readJson } from '../rows/read-json.ts';
import type { FoundFile } from './collect-files.ts';

export interface ClassLabels {
  /** Order of the classes, where the file gives one. */
  readonly order?: readonly string[] | undefined;
  readonly superclasses: ReadonlyMap<string, string>;
}

const schema = z.looseObject({
  fine_names: z.array(z.string()).optional(),
  fine_to_coarse: z.unknown(),
});

/** `{ fine_names?: […], fine_to_coarse: { apple: 'fruit', … } }`, as CIFAR-100's label names are commonly written. */
export async function readLabels(file: FoundFile): Promise<ClassLabels> {
  const { label } = file.entry;
  const parsed = schema.safeParse(await readJson(file.entry));
  const pairs = parsed.success ? parsed.data.fine_to_coarse : undefined;
  const entries =
    typeof pairs === 'object' && pairs !== null && !Array.isArray(pairs) ? Object.entries(pairs) : undefined;
  if (!parsed.success || entries === undefined || entries.some(([, value]) => typeof value !== 'string')) {
    throw new FettleError(`${label} names no superclasses`, {
      code: 'data-invalid',
      where: label,
      hint: 'Write { "fine_names": ["apple", …], "fine_to_coarse": { "apple": "fruit", … } }, or take the file away.',
    });
  }
  return {
    order: parsed.data.fine_names,
    superclasses: new Map(entries.map(([name, value]) => [name, String(value)])),
  };
}
