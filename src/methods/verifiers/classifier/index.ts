import { type ClassifyResponse, FettleError, type TextPair } from '../../../core/index.ts';
import { questionText, renderTags } from '../../steps/index.ts';
import type { VerifierOptions } from '../options.ts';
import { cachedScores } from '../prefix-cache.ts';
import type { StepVerifier } from '../step-verifier.ts';
import { lacking, verifyingModel } from '../verifying-model.ts';

type Settings = Pick<VerifierOptions, 'positiveClass' | 'pair'>;

/**
 * A text classifier (`onnx:FOLDER`): the probability of its positive class, or its one number, for question and steps.
 * All prefixes of a path go in one call. With `pair=single` both are one text in the form of StepCo's training data.
 */
export function createClassifierVerifier({ positiveClass, pair }: Settings): StepVerifier {
  const score = cachedScores((prefixes, sample, context) => {
    const model = verifyingModel(context);
    if (model.classify === undefined) {
      throw lacking(
        model,
        'no-classify',
        'does not classify texts',
        'Name as --verifier onnx:FOLDER with a sequence classifier (config.json, tokenizer.json, model.onnx).',
      );
    }
    const question = questionText(sample);
    const pairs = prefixes.map((steps) => pairOf(question, steps, pair));
    const response = model.classify({ pairs }).then((classified) => {
      const { cut = 0 } = classified;
      if (cut > 0) {
        const note = `${cut} of ${pairs.length} texts were too long for ${model.id}: their beginning was left out`;
        context.trace({ type: 'verifier-note', note });
      }
      return classified;
    });
    return pairs.map(async (_, i) => probability(await response, i, positiveClass, model.id));
  });
  return { name: 'classifier', options: { verify: 'classifier', positiveClass, pair }, score };
}

function pairOf(question: string, steps: readonly string[], pair: Settings['pair']): TextPair {
  if (pair === 'pair') return { text: question, second: renderTags(steps) };
  const blocks = steps.map((step, i) => `<Step ${i + 1}>\n${step}\n</Step ${i + 1}>`);
  return { text: `Q: ${question}\nA: \n${blocks.join('\n\n')}` };
}

function probability(response: ClassifyResponse, row: number, wanted: string, model: string): number {
  const { probabilities, labels = [] } = response;
  const found = probabilities[row] ?? [];
  const named = labels.findIndex((label) => label.toLowerCase() === wanted.toLowerCase());
  const place = wanted === '' ? found.length - 1 : named !== -1 ? named : Number(wanted);
  const value = found[place];
  if (value !== undefined) return value;
  throw new FettleError(`The classifier ${model} has no class "${wanted}".`, {
    code: 'class-missing',
    where: 'positiveClass',
    hint: labels.length > 0 ? `Its classes: ${labels.join(', ')}.` : `It has ${found.length} classes, numbered from 0.`,
  });
}
