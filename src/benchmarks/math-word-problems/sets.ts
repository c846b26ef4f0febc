import type { AnswerKind } from '../../metrics/math/index.ts';
import type { ProblemForm } from './data/forms.ts';

/** A set of problems in mathematics. */
export interface ProblemSet {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What its answers are. */
  readonly kind: AnswerKind;
  /** Whether StepCo (Wu et al., ACL 2025, arXiv 2410.12934) reports it. */
  readonly ofStepco: boolean;
  /** Names that files and folders of it go by, without letters' case, signs and blanks. */
  readonly stems: readonly string[];
  /** Rows of its test split as released, by form. */
  readonly rows: Partial<Readonly<Record<ProblemForm, number>>>;
}

function set(
  name: string,
  title: string,
  description: string,
  rows: ProblemSet['rows'],
  more: Partial<ProblemSet> = {},
): ProblemSet {
  return {
    name,
    title,
    description,
    kind: 'number',
    ofStepco: false,
    stems: [name.replaceAll('-', '')],
    rows,
    ...more,
  };
}

/** All sets: the eight of StepCo in the order of its tables, then their relatives. */
export const problemSets: readonly ProblemSet[] = [
  set(
    'svamp',
    'SVAMP',
    'Elementary word problems, varied so that shallow patterns fail (Patel et al., NAACL 2021).',
    { svamp: 1000, prp: 1000, i3c: 1000 },
    { ofStepco: true },
  ),
  set(
    'addsub',
    'AddSub',
    'Word problems of addition and subtraction (Hosseini et al., EMNLP 2014).',
    { prp: 395, i3c: 395, mawps: 395 },
    { ofStepco: true },
  ),
  set(
    'gsm8k',
    'GSM8K',
    'Grade-school word problems of two to eight steps (Cobbe et al., 2021).',
    { gsm8k: 1319, prp: 1319, i3c: 1319 },
    { ofStepco: true },
  ),
  set(
    'aqua',
    'AQuA-RAT',
    'Algebraic word problems with five options (Ling et al., ACL 2017).',
    { aqua: 254 },
    { ofStepco: true, kind: 'choice', stems: ['aqua', 'aquarat'] },
  ),
  set(
    'math500',
    'MATH500',
    '500 competition problems with answers in LaTeX, seven subjects, five levels (Lightman et al., 2023).',
    { math: 500 },
    { ofStepco: true, kind: 'latex', stems: ['math500', 'mathoai'] },
  ),
  set(
    'asdiv',
    'ASDiv',
    'Word problems of many patterns, grades 1 to 6, some with several answers (Miao et al., ACL 2020).',
    { 'asdiv-xml': 2305, 'asdiv-rows': 2215 },
    { ofStepco: true },
  ),
  set(
    'gsm-ic2',
    'GSM-IC 2-step',
    'Two-step problems with a planted irrelevant sentence (Shi et al., ICML 2023).',
    { prp: 1000 },
    { ofStepco: true, stems: ['gsmic2', 'gsmic2step'] },
  ),
  set(
    'gsm-icm',
    'GSM-IC multi-step',
    'Problems of more steps with a planted irrelevant sentence (Shi et al., ICML 2023).',
    { prp: 1000 },
    { ofStepco: true, stems: ['gsmicm', 'gsmicmstep'] },
  ),
  set('multiarith', 'MultiArith', 'Word problems of several operations (Roy and Roth, EMNLP 2015).', {
    prp: 600,
    i3c: 600,
    mawps: 600,
  }),
  set('singleeq', 'SingleEq', 'Word problems of one equation (Koncel-Kedziorski et al., TACL 2015).', {
    prp: 508,
    i3c: 508,
    mawps: 508,
  }),
  set('singleop', 'SingleOp', 'Word problems of one operation (Roy et al., TACL 2015).', {
    prp: 562,
    i3c: 562,
    mawps: 562,
  }),
  set(
    'math',
    'MATH',
    'Competition problems with answers in LaTeX: the full test split of 5,000 (Hendrycks et al., 2021).',
    { math: 5000 },
    { kind: 'latex', stems: ['math', 'hendrycksmath', 'competitionmath'] },
  ),
];

const plainName = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The set that a file or folder is named after: exactly, or with the split beside it (`gsm8k_test`). */
export function setNamed(text: string): ProblemSet | undefined {
  const plain = plainName(text).replace(/(?:test|train|dev|validation|valid|demonstrations)$/, '');
  const bare = plain.replace(/^(?:demonstrations|test|train|dev)/, '');
  return problemSets.find(({ stems }) => stems.includes(plain) || stems.includes(bare));
}
