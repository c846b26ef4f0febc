import { createRandom, type SampleResult, type Score, type Task } from '../../core/index.ts';

export const noUsage = { inputTokens: 0, outputTokens: 0, calls: 0, wastedCalls: 0, replayedCalls: 0 };

/** A result of our own making; every field can be replaced. */
export function makeResult(
  change: Omit<Partial<SampleResult>, 'scores'> & {
    readonly score?: Partial<Score>;
    readonly scores?: SampleResult['scores'];
  } = {},
): SampleResult {
  const { score, ...fields } = change;
  const index = fields.index ?? 0;
  return {
    task: 'colours',
    sampleId: `s${index}`,
    epoch: 1,
    index,
    status: 'completed',
    input: [{ role: 'user', content: 'Which colour is the sky by day?\n0. blue\n1. green\nAnswer: ' }],
    target: '0',
    labels: {},
    answer: { text: '0' },
    scores: { exact: { value: 1, parsed: true, answer: '0', ...score } },
    usage: { ...noUsage, inputTokens: 40, outputTokens: 3, calls: 1 },
    trace: [],
    startedAt: 1_780_000_000_000 + index * 10,
    durationMs: 120,
    ...fields,
  };
}

const exact: Task['scorers'] = [{ name: 'exact', score: () => ({ value: 0, parsed: true }) }];

/** Tasks of a small invented shop benchmark: skills, types and metrics as a real one has. */
export const shopTasks: readonly Task[] = (
  [
    ['attribute value', 'concept', 'multiple-choice', 'accuracy'],
    ['product kind', 'concept', 'retrieval', 'hit rate@3'],
    ['entity in query', 'concept', 'named entity', 'micro f1'],
    ['pack arithmetic', 'reasoning', 'multiple-choice', 'accuracy'],
    ['everyday cause', 'reasoning', 'multiple-choice', 'accuracy'],
    ['query relation', 'behavior', 'multiple-choice', 'accuracy'],
    ['rank for query', 'behavior', 'ranking', 'ndcg'],
    ['title translation', 'multilingual', 'generation', 'bleu'],
    ['same product', 'multilingual', 'multiple-choice', 'accuracy'],
  ] as const
).map(([name, skill, type, metric]) => ({
  name,
  labels: { skill, type, metric },
  scorers: exact,
  samples: () => [],
  ...(metric === 'micro f1' && { aggregate: { name: 'micro f1', compute: microF1 } }),
}));

function microF1(scores: readonly Score[]): number {
  const sum = (key: string): number => scores.reduce((total, score) => total + (score.counts?.[key] ?? 0), 0);
  return (2 * sum('tp')) / Math.max(1, 2 * sum('tp') + sum('fp') + sum('fn'));
}

export const shopBenchmark = { name: 'corner-shop', groupBy: 'skill', breakdowns: ['skill', 'type', 'language'] };

const languages = ['en', 'de', 'es', 'fr', 'it', 'ja'];
const questions: Readonly<Record<string, readonly [question: string, right: string, wrong: string]>> = {
  'multiple-choice': [
    'Which attribute fits the product "Linen apron, washed, olive"?\n0. voltage\n1. fabric\n2. thread pitch\n3. octane\nAnswer: ',
    '1',
    'The answer is 3, because octane matters most.',
  ],
  retrieval: [
    'Choose the three aspects that the review covers.\n1. handle\n2. smell\n3. price\n4. hinge',
    '1, 3, 4',
    '2',
  ],
  'named entity': ['Name the brand in the query "northwind kettle 2 l red".', 'northwind', 'kettle, red'],
  ranking: ['Order the products for the query "reading lamp".\n1. desk lamp\n2. bulb\n3. torch', '1, 2, 3', '3, 2, 1'],
  generation: [
    'Translate the title: "Teekanne aus Gusseisen, 0,9 Liter".',
    'Cast-iron teapot, 0.9 litres',
    'A tea thing',
  ],
};

/** Results of a whole run over `shopTasks`, deterministic by seed. `skill` in [0, 1] is how often it is right. */
export function* shopResults(options: {
  readonly seed: string;
  readonly skill: number;
  readonly perTask?: number;
}): Generator<SampleResult> {
  const random = createRandom(options.seed);
  let index = 0;
  for (const task of shopTasks) {
    for (let i = 0; i < (options.perTask ?? 24); i++) {
      const { skill = '', type = '', metric = '' } = task.labels ?? {};
      const [question, right, wrong] = questions[type] as (typeof questions)[string];
      const isRight = random.next() < options.skill + (task.name.length % 5) * 0.06 - 0.1;
      const isFailed = random.next() < 0.01;
      const isUnparsed = !isRight && random.next() < 0.25;
      const partial = type === 'ranking' || type === 'generation' ? 0.2 + 0.5 * random.next() : 0;
      const durationMs = Math.round(80 * Math.exp(1.2 * random.next() + 0.8 * random.next()));
      const outputTokens = Math.ceil((type === 'generation' ? 30 : 3) * (0.5 + random.next()));
      const text = isRight ? right : isUnparsed ? 'I would rather talk about the weather.' : wrong;
      yield makeResult({
        task: task.name,
        sampleId: `${task.name.replaceAll(' ', '-')}#${i}`,
        index: index++,
        input: [{ role: 'user', content: question }],
        target: right,
        labels: { skill, type, language: type === 'generation' ? (languages[i % 6] as string) : 'en' },
        answer: isFailed ? null : { text },
        status: isFailed ? 'failed' : 'completed',
        ...(isFailed && {
          error: {
            code: 'model-unreachable',
            message: 'the endpoint closed the connection three times',
            hint: 'Check that the server is up, then resume the run.',
          },
        }),
        scores: isFailed
          ? {}
          : {
              exact: {
                value: isRight ? 1 : isUnparsed ? 0 : partial,
                parsed: !isUnparsed,
                explanation: isUnparsed
                  ? 'no option was found in the reply'
                  : `read "${text.slice(0, 40)}" from the reply`,
                ...(!isUnparsed && { answer: text }),
                ...(metric === 'micro f1' && { counts: isRight ? { tp: 1, fp: 0, fn: 0 } : { tp: 0, fp: 2, fn: 1 } }),
              },
            },
        usage: {
          ...noUsage,
          inputTokens: 60 + random.integer(80),
          outputTokens,
          calls: 1,
          cost: 0.00002 * outputTokens,
        },
        durationMs,
      });
    }
  }
}
