/** What is told of one request. Nothing that it said, and nothing that it was answered. */
export interface RequestLog {
  /** `chatcmpl-…`, the sample of the run; absent where the request did not come so far. */
  readonly id?: string;
  readonly method: string;
  readonly path: string;
  /** 499 where the client left before the answer. */
  readonly status: number;
  readonly milliseconds: number;
  readonly calls?: number;
  readonly replayedCalls?: number;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** Code of the error that was sent. */
  readonly error?: string | undefined;
  /** For whoever runs the server: what the client is not told. */
  readonly cause?: string | undefined;
}
