import type { UnlearningExperiment } from '../../report/index.ts';

const source = 'CLIPErase (ACL 2025), ablation on CIFAR-100, zero-shot accuracy of a CLIP ViT';

/** The ablation of the paper, in percent, as a reading note of its tables gives it. */
export const publishedAblation: UnlearningExperiment['published'] = [
  { arm: 'original', forget: 86.08, retain: 72.85, source },
  { arm: 'f', forget: 18.57, retain: 64.12, source },
  { arm: 'f+r', forget: 9.4, retain: 73.14, source },
  { arm: 'f+r+c', forget: 0, retain: 90.8, source },
];
