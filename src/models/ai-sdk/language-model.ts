/**
 * What all versions of the AI SDK's language model have in common.
 * `never` as the parameter lets any version's options fit; what comes back is checked when it is read.
 */
export interface AnyLanguageModel {
  /** `v2`, `v3`, `v4`. */
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: never): PromiseLike<unknown>;
}
