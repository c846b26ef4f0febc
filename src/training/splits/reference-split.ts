import { createRandom, usageError } from '../../core/index.ts';
import type { HashedItem, TrainingItem } from '../training-item.ts';
import type { Split } from './split.ts';

/**
 * One item a caption, as the released loader of CLIPErase lists Flickr30K: an image with five captions is five rows.
 * Ids get `#0`, `#1`, … behind them. Items with one caption or none stay as they are.
 */
export function expandCaptions<T extends TrainingItem>(items: readonly T[]): T[] {
  return items.flatMap((item) => {
    const { captions = [] } = item;
    if (captions.length < 2) return [item];
    return captions.map((caption, index) => ({ ...item, id: `${item.id}#${index}`, captions: [caption] }));
  });
}

/**
 * The split of CLIPErase's released runner (`reference` mode): of all rows, whatever part the data gives them, the first
 * `floor(train * N)` of a seeded shuffle are trained on, the rest is the test, and the test also selects the checkpoint.
 * Not stratified; copies of a picture and rows of one image (`expandCaptions`) may land on both sides, which is counted.
 */
export function referenceSplit(
  items: readonly HashedItem[],
  { seed, train = 0.7 }: { readonly seed: number; readonly train?: number | undefined },
): Split {
  if (!(train > 0 && train < 1)) throw usageError(`The share of train is ${train}`, { hint: 'Take 0 < share < 1.' });
  const count = Math.floor(train * items.length);
  if (count === 0) throw usageError(`${items.length} items cannot be split`, { where: 'split', hint: 'Add items.' });
  const order = createRandom(`reference-split:${seed}`).shuffle([...items.keys()]);
  const ascending = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);
  const trained = ascending(order.slice(0, count));
  const test = ascending(order.slice(count));
  const seen = new Set(trained.map((row) => items[row]?.sha256));
  const leaked = new Set(test.map((row) => items[row]?.sha256).filter((sha256) => seen.has(sha256)));
  const notes = ['Selected on the test part, as the released runner does: figures are flattering.'];
  if (leaked.size > 0) notes.push(`${leaked.size} pictures are both trained on and tested.`);
  return {
    mode: 'reference',
    train: trained,
    validation: test,
    test,
    dropped: [],
    unassigned: [],
    drawn: ['train', 'test'],
    leakedImages: leaked.size,
    notes,
  };
}
