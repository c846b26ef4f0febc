import { describe, expect, it } from 'vitest';
import type { ContentPart, ImageReference } from '../../core/index.ts';
import { wireMessages } from './wire-messages.ts';

let open = 0;
let mostOpen = 0;

/** An image of one byte that takes the longer to read the earlier it stands. */
function image(byte: number, bytes = 1): ImageReference {
  return {
    label: `${byte}.png`,
    async load() {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await new Promise((resolve) => setTimeout(resolve, 5 - (byte % 5)));
      open -= 1;
      return { sha256: 'a', mediaType: 'image/png', bytes: new Uint8Array(bytes).fill(byte) };
    },
  };
}

describe('wireMessages', () => {
  it('keeps the order of many images while it reads few at once', async () => {
    const content: ContentPart[] = Array.from({ length: 50 }, (_, i) => [
      { type: 'text' as const, text: `Image ${i}` },
      { type: 'image' as const, image: image(i), ...(i === 7 && { detail: 'high' as const }) },
    ]).flat();
    mostOpen = 0;
    const [system, user] = (await wireMessages([
      { role: 'system', content: 'Look.' },
      { role: 'user', content },
    ])) as [unknown, { content: unknown[] }];
    expect(system).toEqual({ role: 'system', content: 'Look.' });
    expect(user.content).toEqual(
      Array.from({ length: 50 }, (_, i) => {
        const url = `data:image/png;base64,${Buffer.from([i]).toString('base64')}`;
        return [
          { type: 'text', text: `Image ${i}` },
          { type: 'image_url', image_url: i === 7 ? { url, detail: 'high' } : { url } },
        ];
      }).flat(),
    );
    expect(mostOpen).toBeGreaterThan(1);
    expect(mostOpen).toBeLessThan(10);
  });

  it('refuses images that no text could hold together, and reads no further', async () => {
    let read = 0;
    const content: ContentPart[] = Array.from({ length: 30 }, (_, i) => {
      const inner = image(i, 300);
      return { type: 'image', image: { label: inner.label, load: () => (read++, inner.load()) } };
    });
    await expect(wireMessages([{ role: 'user', content }], 1000)).rejects.toMatchObject({
      code: 'model-request-too-large',
      kind: 'refused',
      message: expect.stringContaining('30 images') as string,
    });
    expect(read).toBeLessThan(10);
    await expect(wireMessages([{ role: 'user', content: content.slice(0, 2) }], 1000)).resolves.toHaveLength(1);
  });
});
