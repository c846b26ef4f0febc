import { finalAnswer } from './final-answer.ts';
import { stepPath, stepTexts } from './parse-steps.ts';
import { type NumberedStep, readSteps } from './read-steps.ts';
import { maxSteps, type StepPath } from './step-path.ts';

/**
 * A path with its steps from `low` (0-based) on replaced by a reply that was asked to rewrite them.
 * The steps before `low` stay as they are, byte for byte, whatever the reply says of them. A reply that begins with
 * earlier steps, by its numbers or word for word, loses those. A reply without steps changes nothing.
 *
 * @returns the new path, and how many steps of the reply were taken
 */
export function mergeRevision(
  path: StepPath,
  low: number,
  reply: string,
): { readonly path: StepPath; readonly taken: number } {
  const frozen = path.steps.slice(0, low);
  const raw = readSteps(reply);
  const written = raw.steps.filter((step) => step.text.trim() !== '');
  const fresh = stepTexts(withoutRepeated(written, frozen)).slice(0, Math.max(1, maxSteps - frozen.length));
  // A bare answer belongs to the path that leads to it only where some step changed.
  if (fresh.length === 0) return { path, taken: 0 };
  const tail = raw.tail.trim();
  const merged = stepPath({ preamble: path.preamble, steps: [...frozen, ...fresh], tail });
  // A rewritten end that forgets to mark its answer has none: the old one answers steps that are gone.
  return { path: { ...merged, answer: finalAnswer([...fresh, tail].join('\n')) }, taken: fresh.length };
}

function withoutRepeated(written: readonly NumberedStep[], frozen: readonly string[]): readonly NumberedStep[] {
  const low = frozen.length;
  if (low === 0) return written;
  const first = written[0]?.number;
  if (first !== undefined && first !== null && first <= low) {
    // The reply starts over. Where it never gets as far as the step that is wrong, it has numbered its steps anew.
    const from = written.findIndex(({ number }) => number !== null && number > low);
    if (from !== -1) return written.slice(from);
  }
  let same = 0;
  while (same < low && same < written.length && alike(written[same]?.text ?? '', frozen[same] ?? '')) same += 1;
  return written.slice(same);
}

function alike(a: string, b: string): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return plain(a) === plain(b);
}
