import { invalid, parseBody, readUsage } from './response.ts';
import { isRecord } from './wire.ts';

/** Reads an answer of /embeddings: as many vectors as texts, all of one length, in the order of the request. */
export function readEmbeddings(
  text: string,
  expected: number,
  where: string,
): { vectors: number[][]; inputTokens: number } {
  const body = parseBody(text, where);
  const { data } = body;
  if (!Array.isArray(data)) {
    throw invalid(`The answer of ${where} has no "data".`, where, 'Is this an OpenAI-compatible /embeddings?');
  }
  const vectors: number[][] = Array.from({ length: expected });
  for (const [i, item] of data.entries()) {
    if (!isRecord(item) || !Array.isArray(item.embedding))
      throw invalid(`${where} gave an item without "embedding".`, where);
    const index = typeof item.index === 'number' ? item.index : i;
    if (!(index in vectors))
      throw invalid(`${where} gave an embedding for text ${index}, which was not asked for.`, where);
    if (!item.embedding.every((value) => typeof value === 'number')) {
      throw invalid(`${where} gave an embedding that holds something else than numbers.`, where);
    }
    vectors[index] = item.embedding;
  }
  const size = vectors[0]?.length ?? 0;
  for (let i = 0; i < expected; i++) {
    if (vectors[i] === undefined) throw invalid(`${where} gave no embedding for text ${i} of ${expected}.`, where);
    if (vectors[i]?.length !== size) throw invalid(`${where} gave embeddings of different lengths.`, where);
  }
  return { vectors, inputTokens: readUsage(body.usage).inputTokens ?? 0 };
}
