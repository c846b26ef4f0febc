import { countMarkers, endOfTurn, header, imageEnd, imageMarker, imageStart, visualInput } from './leopard-tokens.ts';

export interface InferencePromptOptions {
  readonly images: number;
  /** Tiles of each image; undefined where nothing was tiled. */
  readonly tiles: readonly number[];
  /** What follows the question on a line of its own. */
  readonly instruction: string;
  /**
   * `reference`: as the released driver does it, which counts markers before it adds those that are missing, so that they
   * stay raw. `mended` (default): every image gets its placeholders.
   */
  readonly markers?: 'mended' | 'reference' | undefined;
}

export interface InferencePrompt {
  readonly text: string;
  /** Markers that stayed raw: the model would see no image there. */
  readonly unreplacedMarkers: number;
}

/**
 * A question as LEOPARD-LLaVA's inference driver lays it out, for the published checkpoint: placeholders take the place
 * of the markers, one a visual input, without separators. Missing markers go before the question; of too many the
 * mended form keeps the first `images`, the reference as many as there are too many.
 */
export function leopardInferencePrompt(
  question: string,
  { images, tiles, instruction, markers = 'mended' }: InferencePromptOptions,
): InferencePrompt {
  const counted = countMarkers(question);
  let text = question;
  if (counted < images) text = `${imageMarker.repeat(images - counted)} ${question}`;
  else if (counted > images) text = keepMarkers(question, markers === 'reference' ? counted - images : images);
  const replaced = markers === 'reference' ? counted : Math.max(counted, images);
  let prompt = `<|begin_of_text|>${header('user')}${text}\n${instruction}${endOfTurn}${header('assistant')}`;
  for (let i = 0; i < Math.min(replaced, tiles.length); i++) {
    const inputs = visualInput.repeat(1 + (tiles[i] ?? 0));
    prompt = prompt.replace(imageMarker, () => `image ${i + 1}: ${imageStart}${inputs}${imageEnd}`);
  }
  prompt = prompt.replaceAll('\r\n\t\t\r\n\t\t', ' ');
  return { text: prompt, unreplacedMarkers: countMarkers(prompt) };
}

/** The text with its first `count` markers. */
function keepMarkers(text: string, count: number): string {
  const parts = text.split(imageMarker);
  return parts.slice(0, count + 1).join(imageMarker) + parts.slice(count + 1).join('');
}
