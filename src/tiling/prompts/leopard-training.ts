import { FettleError } from '../../core/index.ts';
import { countMarkers, endOfTurn, header, imageEnd, imageMarker, imageStart, tileEnd } from './leopard-tokens.ts';

/** A turn of a conversation, in either of the two forms that LEOPARD's training data has. */
export type TrainingTurn =
  | { readonly role: string; readonly content: string }
  | { readonly from: string; readonly value: string };

export interface TrainingPrompt {
  /** Texts that are tokenized each for itself. */
  readonly segments: readonly string[];
  /** Weight of each segment's tokens in the loss: 1 for what assistants say, else 0. */
  readonly lossWeights: readonly number[];
}

export interface TrainingPromptOptions {
  readonly images: number;
  /** Tiles of each image; null where nothing was tiled. */
  readonly tiles: readonly number[] | null;
  /** Placeholders for one visual input. Default 169. */
  readonly tokensPerInput?: number | undefined;
  /** Default token 250, with id 128255. */
  readonly placeholder?: string | undefined;
  readonly beginOfText?: string | undefined;
}

const roles: Readonly<Record<string, string>> = { human: 'user', gpt: 'assistant' };

/**
 * A conversation as LEOPARD-LLaVA's training code lays it out: images of a turn come before its text, numbered through;
 * behind the features of every tile stands a separator of its own. Markers that are missing go before the first turn.
 *
 * @returns null where there are more markers than images: such a sample is dropped
 * @throws FettleError `leopard-prompt` where the released code fails: a marker is missing and the first turn is in the
 *   from/value form, a speaker that is neither human nor gpt, tiles not known for an image
 */
export function leopardTrainingPrompt(
  turns: readonly TrainingTurn[],
  {
    images,
    tiles,
    tokensPerInput = 169,
    placeholder = '<|reserved_special_token_250|>',
    beginOfText = '<|begin_of_text|>',
  }: TrainingPromptOptions,
): TrainingPrompt | null {
  const texts = turns.map((turn) => ('value' in turn ? turn.value : turn.content));
  const missing = images - texts.reduce((sum, text) => sum + countMarkers(text), 0);
  if (missing < 0) return null;
  if (missing > 0) {
    const [first] = turns;
    if (first === undefined || 'value' in first) {
      throw promptError(`Images have no marker: ${missing} of ${images}`, 'Write <image> for each where it belongs.');
    }
    texts[0] = imageMarker.repeat(missing) + (texts[0] ?? '');
  }
  const features = placeholder.repeat(tokensPerInput);
  const segments = [beginOfText];
  const lossWeights = [0];
  let image = 0;
  turns.forEach((turn, index) => {
    const role = 'from' in turn ? roles[turn.from] : turn.role;
    if (role === undefined) throw promptError(`Turn ${index + 1} is by nobody known`, 'Speakers are human and gpt.');
    const text = texts[index] ?? '';
    let pictures = '';
    for (let i = countMarkers(text); i > 0; i--) {
      pictures += `image ${image + 1}: ${imageStart}`;
      // An empty list is no list to the released code.
      const count = tiles === null || tiles.length === 0 ? 0 : tiles[image];
      if (count === undefined)
        throw promptError(`Tiles of image ${image + 1} are not given`, 'Give one number an image.');
      for (let tile = 0; tile < count; tile++) pictures += features + tileEnd(tile);
      pictures += features + imageEnd;
      image++;
    }
    segments.push(header(role), pictures + text.replaceAll(imageMarker, '') + endOfTurn);
    lossWeights.push(0, silentRoles.has(role) ? 0 : 1);
  });
  return { segments, lossWeights };
}

const silentRoles = new Set(['system', 'user']);

function promptError(message: string, hint: string): FettleError {
  return new FettleError(message, { code: 'leopard-prompt', hint });
}
