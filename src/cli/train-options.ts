export interface SharedTrainOptions {
  readonly data?: string;
  readonly form?: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly out?: string;
  readonly template?: string;
  readonly validation?: number;
  readonly device?: string;
  readonly precision?: string;
  readonly threads?: number;
  readonly parallel?: number;
  readonly seeds?: readonly string[];
  readonly epochs?: number;
  readonly architecture?: string;
  readonly learningRate?: number;
  readonly onnx?: boolean;
}

export interface TrainClipOptions extends SharedTrainOptions {
  readonly drawn?: boolean;
  readonly batch?: number;
}

export interface TrainCliperaseOptions extends SharedTrainOptions {
  readonly demo?: boolean;
  readonly model?: string;
  readonly forget?: readonly string[];
  readonly arms?: readonly string[];
  readonly steps?: number;
  readonly synonym?: readonly string[];
  readonly sweep?: readonly string[];
  readonly keepModels?: boolean;
}
