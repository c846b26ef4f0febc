/** The special tokens of Llama 3 with which LEOPARD marks images (spec of its released code; ids above 128,000). */
export const imageMarker = '<image>';
export const reserved = (index: number): string => `<|reserved_special_token_${index}|>`;
/** Before an image's features, and behind those of its thumbnail. */
export const imageStart = reserved(20);
export const imageEnd = reserved(21);
/** One visual input in prompts for inference; the model makes 169 tokens of it. */
export const visualInput = reserved(195);
/** Behind the features of tile `index` (from 0), in training only. */
export const tileEnd = (index: number): string => reserved(22 + index);
export const header = (role: string): string => `<|start_header_id|>${role}<|end_header_id|>\n\n`;
export const endOfTurn = '<|eot_id|>';

export function countMarkers(text: string): number {
  return text.split(imageMarker).length - 1;
}
