import sharp from 'sharp';
import { expect, it } from 'vitest';
import { thumbnail } from './thumbnail.ts';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } });

it('shrinks into a square, upright, and enlarges nothing', async () => {
  const turned = await picture(800, 400).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await thumbnail(turned, 200)).toMatchObject({ width: 100, height: 200 });
  const small = await thumbnail(await picture(30, 20).png().toBuffer(), 200);
  expect(small).toMatchObject({ width: 30, height: 20 });
  expect((await sharp(small?.bytes).metadata()).format).toBe('webp');
});

it('gives nothing for what cannot be decoded', async () => {
  expect(await thumbnail(new Uint8Array([1, 2, 3]), 200)).toBeUndefined();
});
