import { withoutThoughts } from '../../metrics/index.ts';

/** What a reply says about a solution. */
export interface Location {
  /** From 1, as asked; `none` where all steps are right; null where the reply does not say. */
  readonly step: number | 'none' | null;
  /** Whether the solution is said to be wrong; null where the reply does not say. */
  readonly flagged: boolean | null;
  /** The answer that the solution should have come to; null where the reply gives none. */
  readonly corrected: string | null;
}

const stepLine =
  /first[ \t]{1,3}(?:wrong|incorrect|erroneous)[ \t]{1,3}step[*_ \t]{0,5}(?:is|:|=)?[*_ \t:]{0,5}(?:step[ \t]{0,3}#?)?(\d{1,6}|none)\b/gi;
const correctedLine = /corrected[ \t]{1,3}answer[*_ \t]{0,5}(?:is|:|=)[*_ \t]{0,5}([^\n]{1,200})/gi;
const lone = /^\W{0,5}(?:step\s{0,3}#?)?(\d{1,6}|none)\W{0,5}$/i;
const boxedNumber = /\\boxed\s{0,3}\{\s{0,3}(?:\\text\s{0,3}\{)?\s{0,3}(?:step\s{0,3})?(-?\d{1,6}|none)\s{0,3}\}/gi;

/** Fields that results of EIC's released code have. */
interface ResultFields {
  readonly is_correct?: unknown;
  readonly pred_wrong_step?: unknown;
  readonly corrected_answer?: unknown;
}

function asResult(text: string): ResultFields | undefined {
  const trimmed = /^```(?:json)?\s([\s\S]*?)```\s*$/.exec(text.trim())?.[1] ?? text.trim();
  if (!trimmed.startsWith('{') || trimmed.length > 1_000_000) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    if (typeof value !== 'object' || value === null) return undefined;
    return 'pred_wrong_step' in value || 'corrected_answer' in value || 'is_correct' in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function fromResult({
  is_correct: correct,
  pred_wrong_step: step,
  corrected_answer: corrected,
}: ResultFields): Location {
  const said = typeof correct === 'boolean' ? (correct ? 'yes' : 'no') : String(correct).toLowerCase();
  const number = typeof step === 'string' && /^\d+$/.test(step.trim()) ? Number(step) : step;
  const answer = typeof corrected === 'number' || typeof corrected === 'string' ? String(corrected).trim() : '';
  return {
    step: typeof number === 'number' ? number : step === 'none' || step === null ? 'none' : null,
    flagged: said === 'no' ? true : said === 'yes' ? false : null,
    corrected: answer === '' || answer.toLowerCase() === 'none' ? null : answer,
  };
}

const stepOf = (text: string): number | 'none' => (/none/i.test(text) || text === '0' ? 'none' : Number(text));

/**
 * Reads a reply: the object that EIC's released results hold, else the last line "First wrong step: 3" (or "none"), and
 * "Corrected answer: …"; else a reply that is a number alone, or its last `\boxed{}`.
 *
 * @param base number of the first step in boxes: 1 as our prompts count, 0 as those released with ProcessBench, where -1
 * means that none is wrong
 */
export function readLocation(reply: string, base: 0 | 1 = 1): Location {
  const result = asResult(reply);
  if (result !== undefined) return fromResult(result);
  const text = withoutThoughts(reply.slice(-200_000));
  const corrected = [...text.matchAll(correctedLine)].at(-1)?.[1]?.trim() ?? null;
  const answer = corrected === null || /^none\b/i.test(corrected) ? null : corrected.replace(/[*_.]{1,4}$/, '').trim();
  const named = [...text.matchAll(stepLine)].at(-1)?.[1] ?? lone.exec(text.trim())?.[1];
  const boxed = [...text.matchAll(boxedNumber)].at(-1)?.[1];
  let step: Location['step'] = null;
  if (base === 0 && boxed !== undefined) {
    step = boxed.toLowerCase() === 'none' || Number(boxed) < 0 ? 'none' : Number(boxed) + 1;
  } else if (named !== undefined) step = stepOf(named);
  else if (boxed !== undefined) step = Number(boxed) < 0 ? 'none' : stepOf(boxed);
  return { step, flagged: step === null ? (answer === null ? null : true) : step !== 'none', corrected: answer };
}
