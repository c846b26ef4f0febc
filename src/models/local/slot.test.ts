import type { LlamaContext, Token } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { chunkTokens, createSlot } from './slot.ts';

const never = new AbortController().signal;
const prompt = (length: number, last = 0): Token[] =>
  Array.from({ length }, (_, index) => (index === length - 1 ? last : index) as Token);

/** A sequence that only counts: what was read, and how far it was set back. */
function fakeSlot() {
  const read: number[] = [];
  const sequence = {
    nextTokenIndex: 0,
    needsCheckpoints: false,
    async evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]) {
      read.push(tokens.length);
      sequence.nextTokenIndex += tokens.length;
    },
    async clearHistory() {
      sequence.nextTokenIndex = 0;
    },
    async eraseContextTokenRanges([range]: readonly [{ start: number }]) {
      sequence.nextTokenIndex = range.start;
    },
  };
  const slot = createSlot({ getSequence: () => sequence } as unknown as LlamaContext);
  return { slot, sequence, read };
}

describe('createSlot', () => {
  it('reads a prompt in whole chunks and leaves the last tokens', async () => {
    const { slot, read } = fakeSlot();
    expect(await slot.seek(prompt(2 * chunkTokens), never)).toBe(chunkTokens);
    expect(await slot.seek(prompt(2 * chunkTokens + 1), never)).toBe(2 * chunkTokens);
    expect(read).toEqual([chunkTokens, chunkTokens]);
  });

  it('does not read a common beginning again, at multiples of a chunk', async () => {
    const { slot, read, sequence } = fakeSlot();
    await slot.seek(prompt(3 * chunkTokens + 5), never);
    sequence.nextTokenIndex += 40; // a reply
    read.length = 0;
    const other = [...prompt(2 * chunkTokens + 9), ...prompt(chunkTokens, 7)];
    expect(slot.reusable(other)).toBe(2 * chunkTokens);
    expect(await slot.seek(other, never)).toBe(3 * chunkTokens);
    expect(read).toEqual([chunkTokens]);
    expect(sequence.nextTokenIndex).toBe(3 * chunkTokens);
  });

  it('forgets what it was set back behind', async () => {
    const { slot } = fakeSlot();
    const tokens = prompt(3 * chunkTokens + 5);
    await slot.seek(tokens, never);
    await slot.rewind(chunkTokens + 3);
    expect(slot.reusable(tokens)).toBe(chunkTokens);
    await slot.rewind(0);
    expect(slot.reusable(tokens)).toBe(0);
  });

  it('reads everything again where the model cannot go back', async () => {
    const { slot, sequence, read } = fakeSlot();
    sequence.needsCheckpoints = true;
    await slot.seek(prompt(2 * chunkTokens + 1), never);
    await slot.seek(prompt(2 * chunkTokens + 1), never);
    expect(read).toHaveLength(4);
  });

  it('stops between chunks when told to, and knows what it has read', async () => {
    const { slot, sequence } = fakeSlot();
    const controller = new AbortController();
    const tokens = prompt(5 * chunkTokens);
    const evaluate = sequence.evaluateWithoutGeneratingNewTokens;
    sequence.evaluateWithoutGeneratingNewTokens = async (chunk) => {
      await evaluate(chunk);
      if (sequence.nextTokenIndex === 2 * chunkTokens) controller.abort(new Error('enough'));
    };
    await expect(slot.seek(tokens, controller.signal)).rejects.toThrow('enough');
    expect(slot.reusable(tokens)).toBe(2 * chunkTokens);
  });
});
