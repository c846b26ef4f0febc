/** Token vectors of a batch without padding, row by row: `[texts, tokens, dimensions]`. */
export interface TokenVectors {
  readonly data: Float32Array;
  readonly texts: number;
  readonly tokens: number;
  readonly dimensions: number;
}

/**
 * One vector a text: the mean over its tokens, then divided by its Euclidean length, as the pooling and normalising
 * modules of sentence-transformers do (Reimers and Gurevych 2019, arXiv:1908.10084, section 3, mean strategy).
 */
export function meanPool({ data, texts, tokens, dimensions }: TokenVectors): Float32Array[] {
  return Array.from({ length: texts }, (_, text) => {
    const mean = new Float64Array(dimensions);
    for (let token = 0; token < tokens; token++) {
      const start = (text * tokens + token) * dimensions;
      for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] ?? 0) + (data[start + i] ?? 0);
    }
    let squares = 0;
    for (let i = 0; i < dimensions; i++) {
      mean[i] = (mean[i] ?? 0) / tokens;
      squares += (mean[i] ?? 0) ** 2;
    }
    const length = Math.max(Math.sqrt(squares), 1e-12);
    return Float32Array.from(mean, (value) => value / length);
  });
}
