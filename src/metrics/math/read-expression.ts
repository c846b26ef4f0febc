import {
  add,
  call,
  invert,
  multiply,
  negate,
  number,
  power,
  symbol,
  type Expr,
  type FunctionName,
} from './expression.ts';
import { expressionTokens, type Token } from './expression-tokens.ts';
import { decimal, functionOf, greek, openers, TokenCursor, Unreadable } from './token-cursor.ts';

const limits = { characters: 2000, tokens: 600, depth: 60 };

const half = number(1n, 2n);

class Reader extends TokenCursor {
  private depth = 0;
  private readonly constants: boolean;

  constructor(tokens: readonly Token[], constants: boolean) {
    super(tokens);
    this.constants = constants;
  }

  whole(): Expr {
    const expr = this.sum();
    if (this.peek().kind !== 'end') throw new Unreadable();
    return expr;
  }

  private sum(): Expr {
    if (++this.depth > limits.depth) throw new Unreadable();
    const items = [this.signed()];
    while (this.is('+', '-')) items.push(this.signed());
    this.depth--;
    return items.length === 1 ? (items[0] as Expr) : add(...items);
  }

  private signed(): Expr {
    let minus = false;
    while (this.is('+', '-')) {
      if (this.peek().text === '-') minus = !minus;
      this.at++;
    }
    const item = this.product();
    return minus ? negate(item) : item;
  }

  private product(): Expr {
    const items = [this.factor()];
    for (;;) {
      if (this.take('*', '\\cdot', '\\times', '\\ast')) items.push(this.signedFactor());
      else if (this.take('/', '\\div')) items.push(invert(this.signedFactor()));
      else if (this.startsFactor()) {
        // Two numbers side by side are no product: "1 2" and "2 3/4" are read as mixed numbers or not at all.
        if (this.peek().kind === 'number') throw new Unreadable();
        items.push(this.factor());
      } else break;
    }
    return items.length === 1 ? (items[0] as Expr) : multiply(...items);
  }

  private signedFactor(): Expr {
    if (this.take('-')) return negate(this.signedFactor());
    this.take('+');
    return this.factor();
  }

  private bars = 0;

  private startsFactor(): boolean {
    const token = this.peek();
    if (token.kind === 'number' || token.kind === 'name') return true;
    if (token.kind === 'end') return false;
    if (token.text === '|') return this.bars === 0;
    if (openers.has(token.text)) return true;
    return token.kind === 'command' && (greek.test(token.text) || functionOf(token.text.slice(1)) !== undefined);
  }

  private factor(): Expr {
    let base = this.postfix(this.atom());
    if (this.take('^')) base = this.postfix(power(base, this.exponent()));
    return base;
  }

  private postfix(expr: Expr): Expr {
    let result = expr;
    for (;;) {
      if (this.take('!')) result = call('factorial', result);
      else if (this.take('\\degree')) result = multiply(result, { kind: 'constant', name: 'pi' }, number(1n, 180n));
      else return result;
    }
  }

  /** What follows "^": a group, or one signed factor; powers group from the right. */
  private exponent(): Expr {
    if (++this.depth > limits.depth) throw new Unreadable();
    let result: Expr;
    if (this.take('-')) result = negate(this.exponent());
    else {
      result = this.is('{') ? this.group() : this.atom();
      if (this.take('^')) result = power(result, this.exponent());
    }
    this.depth--;
    return result;
  }

  private group(): Expr {
    this.need('{');
    const expr = this.sum();
    this.need('}');
    return expr;
  }

  private argument(): Expr {
    if (this.is('{')) return this.group();
    const token = this.peek();
    if (token.kind !== 'number') return this.atom();
    const digits = token.text;
    if (!/^\d+$/.test(digits)) throw new Unreadable();
    // One digit is taken, the others stay for what follows.
    if (digits.length === 1) this.at++;
    else (this.tokens as Token[])[this.at] = { kind: 'number', text: digits.slice(1), spaced: false };
    return number(BigInt(digits[0] as string));
  }

  private atom(): Expr {
    if (++this.depth > limits.depth) throw new Unreadable();
    const expr = this.bareAtom();
    this.depth--;
    return expr;
  }

  private bareAtom(): Expr {
    const token = this.peek();
    this.at++;
    if (token.kind === 'number') return this.mixed(token.text);
    if (token.kind === 'name') return this.named(token.text);
    if (token.kind === 'end') throw new Unreadable();
    switch (token.text) {
      case '(':
        return this.closed(')');
      case '[':
        return this.closed(']');
      case '{':
        return this.closed('}');
      case '|':
      case '\\lvert': {
        this.bars++;
        const inner = this.sum();
        this.bars--;
        this.need('|', '\\rvert');
        return call('abs', inner);
      }
      case '\\lfloor':
        return call('floor', this.closed('\\rfloor'));
      case '\\lceil':
        return call('ceil', this.closed('\\rceil'));
      case '\\frac': {
        const top = this.argument();
        return multiply(top, invert(this.argument()));
      }
      case '\\binom': {
        const n = this.argument();
        return call('binomial', n, this.argument());
      }
      case '\\sqrt':
        return this.root();
      case '\\pi':
        return { kind: 'constant', name: 'pi' };
      case '\\infty':
        return { kind: 'constant', name: 'infinity' };
      default: {
        if (greek.test(token.text)) return this.subscripted(token.text.slice(1));
        const name = functionOf(token.text.slice(1));
        if (name === undefined || token.kind !== 'command') throw new Unreadable();
        return this.applied(name);
      }
    }
  }

  private closed(end: string): Expr {
    const bars = this.bars;
    this.bars = 0;
    const inner = this.sum();
    this.need(end);
    this.bars = bars;
    return inner;
  }

  private root(): Expr {
    if (!this.take('[')) return power(this.is('(') ? this.atom() : this.argument(), half);
    const degree = this.sum();
    this.need(']');
    return power(this.argument(), invert(degree));
  }

  private named(word: string): Expr {
    if (word === 'sqrt') return power(this.argument(), half);
    if (word === 'pi') return { kind: 'constant', name: 'pi' };
    if (word === 'inf' || word === 'infinity') return { kind: 'constant', name: 'infinity' };
    const name = functionOf(word);
    if (name !== undefined) return this.applied(name);
    if (this.constants && (word === 'i' || word === 'e') && !this.is('_')) return { kind: 'constant', name: word };
    return this.subscripted(word);
  }

  private subscripted(name: string): Expr {
    if (!this.take('_')) return symbol(name);
    const token = this.peek();
    if (token.kind === 'number' || token.kind === 'name') {
      this.at++;
      return symbol(`${name}_${token.text}`);
    }
    this.need('{');
    let subscript = '';
    while (!this.is('}') && this.peek().kind !== 'end') subscript += this.tokens[this.at++]?.text ?? '';
    this.need('}');
    return symbol(`${name}_${subscript}`);
  }

  private applied(name: FunctionName): Expr {
    let base: Expr | undefined;
    if (name === 'log') base = this.take('_') ? this.argument() : number(10n);
    const outer = this.take('^') ? this.exponent() : undefined;
    let argument: Expr;
    if (this.is('(', '{', '[', '|')) argument = this.atom();
    else {
      // "sin 2x" is the sine of all that stands together, "sin x cos x" a product.
      const items = [this.signedFactor()];
      while (this.peek().kind === 'number' || (this.startsFactor() && this.isPlainFactor())) items.push(this.factor());
      argument = items.length === 1 ? (items[0] as Expr) : multiply(...items);
    }
    const value = base === undefined ? call(name, argument) : call(name, argument, base);
    if (outer === undefined) return value;
    const inverse = outer.kind === 'multiply' && outer.items.length === 2 && outer.items[0] !== undefined;
    if (inverse && /^(?:sin|cos|tan)$/.test(name)) throw new Unreadable();
    return power(value, outer);
  }

  private isPlainFactor(): boolean {
    const token = this.peek();
    if (token.kind === 'name') return functionOf(token.text) === undefined;
    return token.text === '\\pi' || token.text === '\\sqrt' || token.text === '\\frac' || greek.test(token.text);
  }

  /** A number, or a whole number with a fraction after it: `3 1/2`, `3\frac12`, `3\frac{1}{2}`. */
  private mixed(text: string): Expr {
    const whole = decimal(text);
    if (!/^[\d,]+$/.test(text)) return whole;
    const mark = this.at;
    if (['^', '/', '_'].includes(this.tokens[mark - 2]?.text ?? '')) return whole;
    const [top, slash, bottom] = [this.peek(), this.peek(1), this.peek(2)];
    if (top.kind === 'number' && top.spaced && slash.text === '/' && bottom.kind === 'number') {
      const [n, d] = [top.text, bottom.text];
      if (/^\d+$/.test(n) && /^\d+$/.test(d) && BigInt(n) < BigInt(d)) {
        this.at += 3;
        return add(whole, number(BigInt(n), BigInt(d)));
      }
      throw new Unreadable();
    }
    if (this.peek().text === '\\frac') {
      const saved = [...this.tokens];
      this.at++;
      try {
        const [n, d] = [this.argument(), this.argument()];
        if (n.kind === 'number' && d.kind === 'number' && n.value.d === 1n && n.value.n < d.value.n && d.value.n > 0n) {
          return add(whole, number(n.value.n, d.value.n));
        }
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
      for (const [i, token] of saved.entries()) (this.tokens as Token[])[i] = token;
      this.at = mark;
    }
    return whole;
  }
}

/**
 * Reads a tidied formula: LaTeX, or plain text as "2*sqrt(3)/x^2". Letters are symbols, but for `e`, `i`, `pi` and the
 * usual functions; side by side is a product. Undefined for everything else, and for what is longer than 2,000
 * characters or nested deeper than 60.
 * @param letters whether `e` and `i` are the constants or symbols as all others.
 */
export function readExpression(text: string, letters: 'constants' | 'symbols' = 'constants'): Expr | undefined {
  if (text.length > limits.characters) return undefined;
  const tokens = expressionTokens(text, limits.tokens);
  if (tokens === undefined || tokens.length < 2) return undefined;
  try {
    return new Reader(tokens, letters === 'constants').whole();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
