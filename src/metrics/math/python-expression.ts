import { binary, compare, unary } from './python-operators.ts';
import { indent, pythonTokens, type PythonToken } from './python-tokens.ts';
import { PythonError, type PythonValue } from './python-value.ts';

/** Nesting at which CPython 3.11 gives up while compiling, and while parsing. */
const recursionLimit = 2994;
const parserLimit = 5976;

type Node =
  | { readonly kind: 'value'; readonly value: PythonValue; readonly depth: number }
  | { readonly kind: 'name'; readonly name: string; readonly depth: number }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Node; readonly depth: number }
  | { readonly kind: 'binary'; readonly operator: string; readonly a: Node; readonly b: Node; readonly depth: number }
  | { readonly kind: 'compare'; readonly operators: string[]; readonly operands: Node[]; readonly depth: number }
  | { readonly kind: 'tuple'; readonly items: Node[]; readonly depth: number }
  | { readonly kind: 'call'; readonly callee: Node; readonly items: Node[]; readonly depth: number };

const levels: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];
const comparisons = ['==', '!=', '<', '>', '<=', '>='];
const constants: Readonly<Record<string, PythonValue>> = {
  True: { type: 'bool', value: true },
  False: { type: 'bool', value: false },
  None: { type: 'NoneType' },
};
const keywords = new Set(
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

const invalid = (): PythonError => new PythonError('SyntaxError', 'invalid syntax');

class Parser {
  private at = 0;
  private readonly tokens: readonly PythonToken[];

  constructor(tokens: readonly PythonToken[]) {
    this.tokens = tokens;
  }

  private get token(): PythonToken {
    return this.tokens[this.at] as PythonToken;
  }

  private isOperator(...texts: string[]): boolean {
    return this.token.kind === 'operator' && texts.includes(this.token.text);
  }

  whole(): Node {
    const node = this.list(0, 'end');
    if (this.token.text === indent) throw new PythonError('IndentationError', 'unexpected indent');
    if (this.token.kind !== 'end') throw invalid();
    return node;
  }

  /** Expressions between commas: a tuple where there is a comma. */
  private list(depth: number, until: 'end' | ')'): Node {
    const items = [this.comparison(depth)];
    let commas = 0;
    while (this.isOperator(',')) {
      this.at++;
      commas++;
      if (until === 'end' ? this.token.kind === 'end' : this.isOperator(')')) break;
      items.push(this.comparison(depth));
    }
    if (commas === 0) return items[0] as Node;
    return { kind: 'tuple', items, depth: 1 + Math.max(...items.map((item) => item.depth)) };
  }

  private comparison(depth: number): Node {
    const first = this.level(0, depth);
    if (!this.isOperator(...comparisons)) return first;
    const operands = [first];
    const operators: string[] = [];
    while (this.isOperator(...comparisons)) {
      operators.push(this.token.text);
      this.at++;
      operands.push(this.level(0, depth));
    }
    const deepest = operands.reduce((most, node) => Math.max(most, node.depth), 0);
    return { kind: 'compare', operators, operands, depth: 1 + deepest };
  }

  private level(index: number, depth: number): Node {
    const operators = levels[index];
    if (operators === undefined) return this.factor(depth);
    let node = this.level(index + 1, depth);
    while (this.isOperator(...operators)) {
      const operator = this.token.text;
      this.at++;
      const b = this.level(index + 1, depth);
      node = { kind: 'binary', operator, a: node, b, depth: 1 + Math.max(node.depth, b.depth) };
    }
    return node;
  }

  /** Signs are gathered in a loop: thousands of them must not exhaust our own stack. */
  private factor(depth: number): Node {
    const signs: string[] = [];
    while (this.isOperator('-', '+', '~')) {
      signs.push(this.token.text);
      this.at++;
      if (depth + signs.length >= parserLimit) throw new PythonError('MemoryError', '');
    }
    let node = this.power(depth + signs.length);
    for (const operator of signs.reverse()) node = { kind: 'unary', operator, operand: node, depth: node.depth + 1 };
    return node;
  }

  private power(depth: number): Node {
    let base = this.atom(depth);
    while (this.isOperator('(')) {
      this.at++;
      const items = this.isOperator(')') ? [] : [this.list(depth + 1, ')')];
      if (!this.isOperator(')')) throw invalid();
      this.at++;
      base = { kind: 'call', callee: base, items, depth: base.depth + 1 };
    }
    if (!this.isOperator('**')) return base;
    this.at++;
    if (depth > 190) throw new PythonError('MemoryError', 'powers nested too deeply');
    const b = this.factor(depth + 1);
    return { kind: 'binary', operator: '**', a: base, b, depth: 1 + Math.max(base.depth, b.depth) };
  }

  private atom(depth: number): Node {
    const token = this.token;
    this.at++;
    switch (token.kind) {
      case 'int':
        return { kind: 'value', value: { type: 'int', value: BigInt(token.text.replaceAll('_', '')) }, depth: 1 };
      case 'float':
        return { kind: 'value', value: { type: 'float', value: Number(token.text.replaceAll('_', '')) }, depth: 1 };
      case 'name': {
        const constant = Object.hasOwn(constants, token.text) ? constants[token.text] : undefined;
        if (constant !== undefined) return { kind: 'value', value: constant, depth: 1 };
        if (keywords.has(token.text)) throw invalid();
        return { kind: 'name', name: token.text.normalize('NFKC'), depth: 1 };
      }
      case 'str': {
        let value = token.text;
        for (; this.token.kind === 'str'; this.at++) value += this.token.text;
        return { kind: 'value', value: { type: 'str', value }, depth: 1 };
      }
      case 'operator':
        if (token.text === '...') return { kind: 'value', value: { type: 'ellipsis' }, depth: 1 };
        if (token.text === '(') {
          // CPython's tokenizer stops at 200 brackets.
          if (depth >= 200) throw new PythonError('SyntaxError', 'too many nested parentheses');
          if (this.isOperator(')')) {
            this.at++;
            return { kind: 'tuple', items: [], depth: 1 };
          }
          const inner = this.list(depth + 1, ')');
          if (!this.isOperator(')')) throw invalid();
          this.at++;
          return inner;
        }
        throw invalid();
      default:
        throw invalid();
    }
  }
}

function evaluate(node: Node): PythonValue {
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'name':
      throw new PythonError('NameError', `name '${node.name}' is not defined`);
    case 'unary':
      return unary(node.operator, evaluate(node.operand));
    case 'binary':
      return binary(node.operator, evaluate(node.a), evaluate(node.b));
    case 'tuple':
      return { type: 'tuple', items: node.items.map(evaluate) };
    case 'call': {
      const callee = evaluate(node.callee);
      throw new PythonError('TypeError', `'${callee.type}' object is not callable`);
    }
    default: {
      let left = evaluate(node.operands[0] as Node);
      for (const [i, operator] of node.operators.entries()) {
        const right = evaluate(node.operands[i + 1] as Node);
        if (!compare(operator, left, right)) return { type: 'bool', value: false };
        left = right;
      }
      return { type: 'bool', value: true };
    }
  }
}

/**
 * The value of a Python expression of numbers, texts, operators, comparisons, tuples and brackets, as `eval(source)` of
 * CPython 3.11 gives it, with the failures of CPython. No name has a value, nothing is called.
 *
 * Where Python would compute for a long time (a power or a shift of more than 4 million bits) it is a MemoryError.
 * @throws PythonError whose `pythonClass` is the class that Python raises.
 */
export function evaluatePythonExpression(source: string): PythonValue {
  const tree = new Parser(pythonTokens(source)).whole();
  if (tree.depth > recursionLimit) {
    throw new PythonError('RecursionError', 'maximum recursion depth exceeded during compilation');
  }
  return evaluate(tree);
}
