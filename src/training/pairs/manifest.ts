import { z } from 'zod';

/** Format of a pairs folder; part of its key, so that an older one is never taken for a newer. */
export const pairsVersion = 1;

const hex = z.string().regex(/^[0-9a-f]{64}$/);

export const pairsManifestSchema = z.strictObject({
  version: z.literal(pairsVersion),
  kind: z.literal('pairs'),
  /** Number of items and of distinct texts. */
  items: z.int().min(1),
  texts: z.int().min(1),
  image: z.strictObject({ size: z.int().min(1), channels: z.literal(3), resample: z.literal('bicubic') }),
  sha256: z.strictObject({ 'items.jsonl': hex, 'texts.jsonl': hex, 'pixels.safetensors': hex }),
  /** Class names, in the order of the classes' numbers. */
  classes: z.array(z.string()).nullable(),
});

/** `manifest.json` of a pairs folder. */
export type PairsManifest = z.output<typeof pairsManifestSchema>;

export const pairRowSchema = z.strictObject({
  id: z.string(),
  /** Rows of texts.jsonl. */
  texts: z.array(z.int().min(0)),
  /** Index into the manifest's classes. */
  class: z.int().min(0).nullable(),
  /** Of the image's bytes as the data has them. */
  sha256: hex,
});

/** A line of `items.jsonl`; its row is the line's number from 0. */
export type PairRow = z.output<typeof pairRowSchema>;

export const textRowSchema = z.strictObject({ text: z.string() });

export const manifestName = 'manifest.json';
export const itemsName = 'items.jsonl';
export const textsName = 'texts.jsonl';
export const pixelsName = 'pixels.safetensors';
