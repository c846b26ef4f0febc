import { functionNames, number, type Expr, type FunctionName } from './expression.ts';
import type { Token } from './expression-tokens.ts';

const maxDigits = 1500;

const aliases: Readonly<Record<string, FunctionName>> = {
  asin: 'arcsin',
  acos: 'arccos',
  atan: 'arctan',
  lg: 'log',
};
/** Commands of letters that are symbols. */
export const greek =
  /^\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|vartheta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|upsilon|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Sigma|Phi|Psi|Omega|ell)$/;

/** Signs and commands that a factor may begin with, besides letters and functions. */
export const openers = new Set('( [ { \\frac \\sqrt \\pi \\infty \\lfloor \\lceil \\binom \\lvert'.split(' '));

/** Thrown within the reader only: what it meets is no expression. */
export class Unreadable extends Error {}

/** The function that a word or a command names. */
export const functionOf = (word: string): FunctionName | undefined =>
  (Object.hasOwn(aliases, word) ? aliases[word] : undefined) ??
  functionNames.find((name) => name === word && !['factorial', 'binomial', 'floor', 'ceil'].includes(name));

/** A written decimal, exactly. @throws Unreadable for one of thousands of digits. */
export function decimal(text: string): Expr {
  const [digits = '', exponent = '0'] = text.replaceAll(',', '').toLowerCase().split('e');
  const [whole = '', rest = ''] = digits.split('.');
  const shift = Number(exponent) - rest.length;
  if (digits.length > maxDigits || Math.abs(shift) > maxDigits * 2) throw new Unreadable();
  const n = BigInt(whole + rest || '0');
  return shift >= 0 ? number(n * 10n ** BigInt(shift)) : number(n, 10n ** BigInt(-shift));
}

/** A place in a list of tokens. */
export class TokenCursor {
  protected at = 0;
  protected readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  protected peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }

  protected is(...texts: string[]): boolean {
    const token = this.peek();
    return token.kind !== 'number' && token.kind !== 'name' && texts.includes(token.text);
  }

  protected take(...texts: string[]): boolean {
    if (!this.is(...texts)) return false;
    this.at++;
    return true;
  }

  protected need(...texts: string[]): void {
    if (!this.take(...texts)) throw new Unreadable();
  }
}
