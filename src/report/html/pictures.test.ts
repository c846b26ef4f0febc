import { expect, it } from 'vitest';
import type { SampleResult } from '../../core/index.ts';
import { makeResult } from '../__fixtures__/results.ts';
import { loadPictures, pictureStore, pictureUse } from './pictures.ts';

const withImages = (...sha256: string[]): SampleResult => ({
  ...makeResult({ index: 1 }),
  input: [{ role: 'user', content: sha256.map((one) => ({ type: 'image', sha256: one, mediaType: 'image/png' })) }],
});

const picture = (characters: number) => ({
  width: 3,
  height: 2,
  dataUrl: `data:image/webp;base64,${'A'.repeat(characters)}`,
});

it('asks for each picture once, writes it once, and uses it by its hash', async () => {
  const asked: string[] = [];
  const pictures = await loadPictures([withImages('aa', 'bb'), withImages('bb', 'gone')], async (sha256) => {
    asked.push(sha256);
    return sha256 === 'gone' ? undefined : picture(4);
  });
  expect(asked).toEqual(['aa', 'bb', 'gone']);
  const store = pictureStore(pictures);
  expect(store && store.text.match(/id="picture-(aa|bb)"/g)).toHaveLength(2);
  expect(pictureUse('bb', picture(4)).text).toContain('href="#picture-bb"');
});

it('stops where the page is full', async () => {
  const pictures = await loadPictures([withImages('a', 'b', 'c')], async () => picture(1_500_000));
  expect([...pictures.keys()]).toEqual(['a', 'b']);
  expect(pictureStore(new Map())).toBe(false);
});
