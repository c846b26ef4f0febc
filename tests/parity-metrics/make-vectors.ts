// Makes src/metrics/__fixtures__ anew from our own seeded inputs and the reference Python packages:
//   FETTLE_BENCH_PYTHON=/path/to/python node tests/parity-metrics/make-vectors.ts
// The interpreter needs rouge_score, sacrebleu[ja], nltk, numpy, scipy, statsmodels, scikit-learn, krippendorff.
import { writeFileSync } from 'node:fs';
import * as answers from './answer-oracles.ts';
import * as japanese from './japanese-texts.ts';
import { askPython } from './python.ts';
import * as statistics from './statistics-oracles.ts';
import * as text from './text-oracles.ts';
import * as unlearning from './unlearning-oracles.ts';

function write(name: string, rows: readonly unknown[]): void {
  const file = new URL(`../../src/metrics/__fixtures__/${name}.json`, import.meta.url);
  writeFileSync(file, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
}

function pair<I, O>(inputs: readonly I[], program: string): { input: I; expected: O }[] {
  const outputs = askPython<O[]>(program, inputs);
  return inputs.map((input, i) => ({ input, expected: outputs[i] as O }));
}

write('rouge', pair(text.rougeCases(200, 20261), text.rougeProgram));
write('bleu', pair(text.bleuCases(250, 20262), text.bleuProgram));
const words = text.stemWords(600, 20263);
const stems = askPython<string[]>(text.stemProgram, words);
write(
  'stems',
  words.map((word, i) => [word, stems[i]]),
);
write('statistics', pair(statistics.statisticsCases(60, 20264), statistics.statisticsProgram));
write('bootstrap', pair(statistics.bootstrapCases(4, 20265), statistics.bootstrapProgram));
write('japanese', pair(japanese.japaneseTexts(300, 20266), japanese.japaneseProgram));
write('answers', pair(answers.answerCases(80, 20267), answers.answerProgram));
write('unlearning', pair(unlearning.unlearningCases(24, 20268), unlearning.unlearningProgram));
