import { hash } from 'node:crypto';
import type { Sample } from './sample.ts';

/**
 * One hash over all inputs of a run, the same whatever the order in which they were started:
 * the exclusive or of each sample's sha256. Images count by their label; their bytes are in the data's hash.
 */
export class PromptsHash {
  readonly #words = new Uint32Array(8);

  add(task: string, sample: Sample): void {
    const text = JSON.stringify([task, sample.id, sample.input], (_key, value: unknown) =>
      typeof value === 'object' && value !== null && 'load' in value && 'label' in value
        ? { label: value.label }
        : value,
    );
    const digest = hash('sha256', text, 'buffer');
    for (let i = 0; i < 8; i++) this.#words[i] = (this.#words[i] as number) ^ digest.readUInt32LE(i * 4);
  }

  hex(): string {
    return Buffer.from(this.#words.buffer).toString('hex');
  }
}
