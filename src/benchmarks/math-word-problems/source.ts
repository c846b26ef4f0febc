import type { DataSource } from '../../core/index.ts';
import type { ProblemSet } from './sets.ts';

type SourceFile = DataSource['files'][number];

const github = (repository: string, commit: string, path: string): string =>
  `https://raw.githubusercontent.com/${repository}/${commit}/${path}`;

const gsm8kCommit = '3101c7d5072418e28b9008a6636bde82a006892c';
const aquaCommit = '26b64ed1f22208c6742f47df547dfd65088ec30d';
const asdivCommit = '883f90a9a65bf00304ba8f37423910fe743abc47';
const svampCommit = '689d7ccac74b9983a2ac7cc3b264f441b99e7c53';
const math500Commit = 'db77bc6bb2a17c90ed2d63e88ebd8c40a82858c5';
const aquaHashes = {
  test: 'de41581881ef95c5588c44ddc701c77fd480839241dd422a0d181262af24520c',
  dev: '4a52301d8a49ae0b286f8e697f9c5da1b109b247b825b47b4c6de34312dceec5',
} as const;
const prpCommit = 'fce03c23026ba392f20a3f4ac8a60d9d84da6802';

/** As the authors of PRP, who are those of StepCo, keep them: in the form that StepCo's loader reads. */
const prp = (file: string, sha256: string): DataSource => ({
  title: `${file}, wzy6642/PRP at ${prpCommit.slice(0, 7)}`,
  license: 'Apache-2.0',
  files: [{ url: github('wzy6642/PRP', prpCommit, `data/${file}.json`), path: `${file}.json`, sha256 }],
});

const subjects = [
  'algebra',
  'counting_and_probability',
  'geometry',
  'intermediate_algebra',
  'number_theory',
  'prealgebra',
  'precalculus',
];

/** Where each set is fetched from. Commits and hashes pin the content, where its host allows that. */
const sources: Readonly<Record<string, DataSource>> = {
  gsm8k: {
    title: `GSM8K, openai/grade-school-math at ${gsm8kCommit.slice(0, 7)}`,
    license: 'MIT',
    files: [
      {
        url: github('openai/grade-school-math', gsm8kCommit, 'grade_school_math/data/test.jsonl'),
        path: 'test.jsonl',
        sha256: '3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14',
      },
      {
        url: github('openai/grade-school-math', gsm8kCommit, 'grade_school_math/data/train.jsonl'),
        path: 'train.jsonl',
        sha256: '17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465',
      },
    ],
  },
  svamp: {
    title: `SVAMP, arkilpatel/SVAMP at ${svampCommit.slice(0, 7)}`,
    license: 'MIT',
    files: [
      {
        url: github('arkilpatel/SVAMP', svampCommit, 'SVAMP.json'),
        path: 'SVAMP.json',
        sha256: '5be77703a6d891ae476d7c082787ad361392aa02453b132516cdd5f4e7934e3e',
      },
    ],
  },
  aqua: {
    title: `AQuA-RAT, google-deepmind/AQuA at ${aquaCommit.slice(0, 7)}`,
    license: 'Apache-2.0',
    files: (['test', 'dev'] as const).map((split) => ({
      url: github('google-deepmind/AQuA', aquaCommit, `${split}.json`),
      path: `${split}.jsonl`,
      sha256: aquaHashes[split],
    })),
  },
  asdiv: {
    title: `ASDiv, chaochun/nlu-asdiv-dataset at ${asdivCommit.slice(0, 7)}`,
    license: 'CC BY-NC 4.0: not for commercial use',
    files: [
      {
        url: github('chaochun/nlu-asdiv-dataset', asdivCommit, 'dataset/ASDiv.xml'),
        path: 'ASDiv.xml',
        sha256: 'ef8904068482919ac48c8eeaaf6df344b8a308ba66d048c2d4d87eab82dc4929',
      },
      ...[0, 1, 2, 3, 4].map((fold) => ({
        url: github('chaochun/nlu-asdiv-dataset', asdivCommit, `dataset/nfolds/asdiv-a/fold${fold}.txt`),
        path: `nfolds/asdiv-a/fold${fold}.txt`,
      })),
    ],
  },
  math500: {
    title: `MATH500, ZubinGou/math-evaluation-harness at ${math500Commit.slice(0, 7)}`,
    license: 'MIT',
    files: [
      {
        url: github('ZubinGou/math-evaluation-harness', math500Commit, 'data/math_oai/test.jsonl'),
        path: 'test.jsonl',
        sha256: '35dc41080a3680858b27fa7e0533d2d547825316fc5dafe5d316f4ccc5a06132',
      },
    ],
  },
  math: {
    title: 'MATH, EleutherAI/hendrycks_math on the Hugging Face hub',
    license: 'MIT',
    files: subjects.flatMap((subject) =>
      ['test', 'train'].map((split) => ({
        url: `https://huggingface.co/datasets/EleutherAI/hendrycks_math/resolve/main/${subject}/${split}-00000-of-00001.parquet`,
        path: `${subject}/${split}-00000-of-00001.parquet`,
      })),
    ),
  },
  addsub: prp('AddSub', '97f93ec1d72e2c352150772f25e578e8363c58f88985cf76215d812dfb7cbb0f'),
  multiarith: prp('MultiArith', '65ff09740a912de91ea05cc5ea954cb810aa734dba2375aeb539c0ab6574fdf7'),
  singleeq: prp('SingleEq', 'ada57a2e5e9d39144f7589c66116434bae4f3a7648eca03b9f57df91a0fe0947'),
  singleop: prp('SingleOp', '9610ad81260514e339221b2dc98aca104be832c04e6edf51875fd3f94560d934'),
  'gsm-ic2': prp('GSM-IC2', 'aefd48a79eadaf251f73f8f9c991122fd9fc2a47b34cfda43ec31e37b31fcbc2'),
  'gsm-icm': prp('GSM-ICM', '2e36af8de09bed17818440447a9eebda17bec8845fba1752e8fb20d5dac15d09'),
};

export function sourceOf({ name }: Pick<ProblemSet, 'name'>): DataSource | undefined {
  return sources[name];
}

/** All sets together, each in a folder of its name. */
export const allSources: DataSource = {
  title: 'Twelve sets of problems from their own hosts',
  license: [...new Set(Object.values(sources).map(({ license }) => license))].join('; '),
  files: Object.entries(sources).flatMap(([name, { files }]) =>
    files.map((file): SourceFile => ({ ...file, path: `${name}/${file.path}` })),
  ),
};
