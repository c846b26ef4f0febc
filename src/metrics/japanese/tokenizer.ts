import type { BleuTokenizer } from '../text/bleu-tokenizers.ts';
import { pythonStrip } from '../python/white-space.ts';

let loading: Promise<BleuTokenizer> | undefined;

async function load(): Promise<BleuTokenizer> {
  const [{ readDictionary }, { Lattice }] = await Promise.all([import('./dictionary.ts'), import('./lattice.ts')]);
  const lattice = new Lattice(readDictionary());
  return (text) => {
    // MeCab takes C strings, so for sacreBLEU a text ends at its first NUL.
    const [line = ''] = text.split('\u0000', 1);
    return lattice.split(pythonStrip(line)).join(' ');
  };
}

/**
 * sacreBLEU's `ja-mecab` (MeCab with the IPA dictionary, `-Owakati`) as a tokenizer for {@link corpusBleu}:
 * the words of a Japanese text between single spaces.
 *
 * The dictionary is read on the first call and kept; later calls share it.
 * @throws Error (as rejection) where the `mecab-wasm` package is missing or another version than the pinned one.
 */
export async function loadJapaneseTokenizer(): Promise<BleuTokenizer> {
  try {
    loading ??= load();
    return await loading;
  } catch (error) {
    // Not remembered: the package may be installed before the next try.
    loading = undefined;
    throw error;
  }
}
