import type { RawSteps } from './read-steps.ts';

/** How often a mark stands in a text. */
function count(text: string, mark: string): number {
  let found = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) found += 1;
  return found;
}

/** Blank lines within a code block or displayed mathematics separate nothing. */
class OpenBlocks {
  #fences = 0;
  #displays = 0;
  #dollars = 0;

  add(paragraph: string): void {
    this.#fences += count(paragraph, '```');
    this.#displays += count(paragraph, '\\[') - count(paragraph, '\\]');
    this.#dollars += count(paragraph, '$$');
  }

  get any(): boolean {
    return this.#fences % 2 === 1 || this.#displays > 0 || this.#dollars % 2 === 1;
  }
}

/** A step a paragraph. A last paragraph that is nothing but an answer tag is the tail. */
export function paragraphSteps(text: string): RawSteps {
  const steps: { number: null; text: string }[] = [];
  let current: string[] = [];
  let open = new OpenBlocks();
  for (const paragraph of text.split(/\n[ \t\r]*\n/)) {
    current.push(paragraph);
    open.add(paragraph);
    if (open.any) continue;
    steps.push({ number: null, text: current.join('\n\n') });
    current = [];
    open = new OpenBlocks();
  }
  // A block that never closes hides no steps.
  for (const paragraph of current) steps.push({ number: null, text: paragraph });
  const written = steps.filter((step) => step.text.trim() !== '');
  const last = written.at(-1)?.text ?? '';
  if (written.length < 2 || !/^\s*<ans(?:wer)?>[^<]*<\/ans(?:wer)?>\s*$/i.test(last))
    return { preamble: '', steps: written, tail: '' };
  return { preamble: '', steps: written.slice(0, -1), tail: last };
}
