import type { JsonObject, JsonValue, SampleResult } from '../../core/index.ts';

/** What a file of labels has in a row. Further fields are those of the way in which labels were made. */
export interface LabelRow extends JsonObject {
  /** Unique in the file: the sample's id and the node's. */
  readonly id: string;
  readonly sample: string;
  readonly reasoning_path: string;
  readonly accuracy: number;
}

export interface RowChoice {
  /** Whether beginnings stay that no answer was reached from. */
  readonly leafless: 'keep' | 'drop';
}

/** The rows of one sample's result; none where it failed or has no labels. */
export function labelRows({ answer, sampleId, epoch }: SampleResult, { leafless }: RowChoice): LabelRow[] {
  const labels = answer?.metadata?.['labels'];
  if (!Array.isArray(labels)) return [];
  const sample = epoch === 1 ? sampleId : `${sampleId}/${epoch}`;
  return labels.flatMap((label: JsonValue): LabelRow[] => {
    if (typeof label !== 'object' || label === null || Array.isArray(label)) return [];
    const fields = label as JsonObject;
    const { node, reasoning_path: path, accuracy, ...more } = fields;
    if (typeof path !== 'string' || typeof accuracy !== 'number') return [];
    if (leafless === 'drop' && more['leaves'] === 0) return [];
    return [{ id: `${sample}/${String(node)}`, sample, reasoning_path: path, accuracy, node: node ?? null, ...more }];
  });
}
