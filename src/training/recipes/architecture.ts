import type { CompactClip } from '../../engine/index.ts';

/** Compact CLIP models to train from scratch. Sizes are parameters at a vocabulary of 2,048 tokens or less. */
export const architectures = {
  /** About 0.4 million parameters; learns drawn pictures on two CPU cores in about a minute. */
  tiny: {
    imageSize: 32,
    patchSize: 8,
    visionWidth: 96,
    visionLayers: 3,
    visionHeads: 3,
    textWidth: 64,
    textLayers: 2,
    textHeads: 2,
    textLength: 24,
    vocabulary: 512,
    embeddingWidth: 64,
    logitScale: 2.6593,
  },
  /** About 3 million parameters for pictures of 32 x 32. */
  compact: {
    imageSize: 32,
    patchSize: 4,
    visionWidth: 192,
    visionLayers: 6,
    visionHeads: 6,
    textWidth: 96,
    textLayers: 2,
    textHeads: 2,
    textLength: 24,
    vocabulary: 1024,
    embeddingWidth: 128,
    logitScale: 2.6593,
  },
} as const satisfies Record<string, CompactClip>;

export type ArchitectureName = keyof typeof architectures;
