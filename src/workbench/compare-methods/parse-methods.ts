import { usageError } from '../../core/index.ts';

/**
 * Cuts `direct,self-consistency:n=5,temperature=1,stepco` at its commas; a part `x=y` without a colon before it is a
 * further option of the method that stands before.
 * @throws usage error for an empty list, an option without a method, and a method that is named twice alike
 */
export function parseMethods(text: string): string[] {
  const specs: string[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    if (/^[^:=]+=/.test(part)) {
      const before = specs.pop();
      if (before === undefined) {
        throw usageError(`"${part}" is an option, and no method stands before it.`, {
          where: '--methods',
          hint: 'Write --methods direct,self-consistency:n=5,temperature=0.7.',
        });
      }
      specs.push(`${before}${before.includes(':') ? ',' : ':'}${part}`);
    } else specs.push(part);
  }
  const twice = specs.find((spec, i) => specs.indexOf(spec) !== i);
  if (twice !== undefined) {
    throw usageError(`The method "${twice}" is named twice.`, {
      where: '--methods',
      hint: 'Give one of them another option, or leave it out.',
    });
  }
  if (specs.length < 2) {
    throw usageError(`A comparison needs two methods or more; ${specs.length === 1 ? 'one is' : 'none is'} named.`, {
      where: '--methods',
      hint: 'Write --methods direct,self-consistency:n=5; the first is what the others are compared with.',
    });
  }
  return specs;
}
