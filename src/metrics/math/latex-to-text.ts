import { latexSymbols } from './latex-symbols.ts';

type Node =
  | { readonly kind: 'chars'; readonly text: string }
  | {
      readonly kind: 'macro';
      readonly name: string;
      readonly after: string;
      readonly items: readonly (readonly Node[])[] | null;
    }
  | { readonly kind: 'group'; readonly nodes: readonly Node[] }
  | { readonly kind: 'matrix'; readonly nodes: readonly Node[] }
  | { readonly kind: 'space'; readonly text: string };

/** Arguments of the macros that take any: `{` needed, `[` and `*` optional. */
const argumentsOf: Readonly<Record<string, string>> = {
  frac: '{{',
  nicefrac: '{{',
  sqrt: '[{',
  '\\': '*[',
  hspace: '*{',
  vspace: '*{',
  textcolor: '[{{',
  color: '[{',
  hphantom: '[{',
  vphantom: '[{',
  xrightarrow: '[{',
  xleftarrow: '[{',
};
const passing = new Set(
  'text textrm textit textbf textsc textsl emph mathrm mathbf mathit mathsf mathbb mathtt mathcal mathscr mathfrak overline underline widehat widetilde overrightarrow overleftarrow overleftrightarrow overbrace underbrace'.split(
    ' ',
  ),
);
/** Macros whose argument is read and dropped. */
const dropping = new Set(
  'mbox label textmd textsf texttt textup ensuremath color hphantom vphantom xrightarrow xleftarrow'.split(' '),
);
const accents: Readonly<Record<string, string>> = {
  vec: '⃗',
  dot: '̇',
  hat: '̂',
  check: '̌',
  breve: '̆',
  acute: '́',
  grave: '̀',
  tilde: '̃',
  bar: '̄',
  ddot: '̈',
  not: '̸',
};
const matrices = /^(?:array|pmatrix|bmatrix|smallmatrix|psmallmatrix|bsmallmatrix)$/;
const spaces = /^\s+/;
const maxDepth = 200;

class Reader {
  at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  nodes(end: '}' | 'end' | ']', depth: number): Node[] {
    if (depth > maxDepth) throw new RangeError('nested too deeply');
    const found: Node[] = [];
    while (this.at < this.text.length) {
      const character = this.text[this.at] as string;
      if (character === end || (end === ']' && character === '}')) break;
      if (end === 'end' && this.text.startsWith('\\end{', this.at)) break;
      if (character === '}') this.at++;
      else found.push(this.node(depth));
    }
    return found;
  }

  private node(depth: number): Node {
    const character = this.text[this.at] as string;
    if (character === '{') return { kind: 'group', nodes: this.group(depth) };
    if (character === '\\') return this.macro(depth);
    if (character === '&') {
      this.at++;
      return { kind: 'space', text: '   ' };
    }
    const special = /^(?:---?|``|''|~)/.exec(this.text.slice(this.at, this.at + 3))?.[0];
    if (special !== undefined) {
      this.at += special.length;
      return { kind: 'space', text: { '--': '–', '---': '—', '``': '“', "''": '”' }[special] ?? '\u00a0' };
    }
    const start = this.at++;
    while (
      this.at < this.text.length &&
      !/[\\{}&~\]]|--|``|''/.test(this.text.slice(this.at, this.at + 2)[0] as string)
    ) {
      if (/^(?:--|``|'')/.test(this.text.slice(this.at, this.at + 2))) break;
      this.at++;
    }
    return { kind: 'chars', text: this.text.slice(start, this.at) };
  }

  private group(depth: number): Node[] {
    this.at++;
    const nodes = this.nodes('}', depth + 1);
    this.at++;
    return nodes;
  }

  /** One argument: a group, a macro, or one character. */
  private argument(depth: number): Node[] {
    this.at += spaces.exec(this.text.slice(this.at))?.[0].length ?? 0;
    if (this.at >= this.text.length) throw new RangeError('an argument is missing');
    const character = this.text[this.at] as string;
    if (character === '{') return this.group(depth);
    if (character === '}') throw new RangeError('an argument is missing');
    if (character === '\\') return [this.macro(depth, false)];
    this.at++;
    return [{ kind: 'chars', text: character }];
  }

  private macro(depth: number, withArguments = true): Node {
    if (depth > maxDepth) throw new RangeError('nested too deeply');
    const name = /^\\([a-zA-Z]+|[^]?)/.exec(this.text.slice(this.at))?.[1] ?? '';
    this.at += name.length + 1;
    if (name === 'begin' || name === 'end') return this.environment(name, depth);
    let after = '';
    if (/^[a-zA-Z]/.test(name)) {
      after = spaces.exec(this.text.slice(this.at))?.[0] ?? '';
      this.at += after.length;
    }
    const taken = passing.has(name) || dropping.has(name) || Object.hasOwn(accents, name);
    const spec = Object.hasOwn(argumentsOf, name) ? (argumentsOf[name] as string) : taken ? '{' : '';
    if (spec === '' || !withArguments) return { kind: 'macro', name, after, items: spec === '' ? null : [] };
    const items: Node[][] = [];
    for (const kind of spec) {
      if (kind === '{') items.push(this.argument(depth + 1));
      else if (kind === '*') {
        if (this.text[this.at] === '*') this.at++;
        items.push([]);
      } else if (this.text[this.at] === '[') {
        this.at++;
        items.push(this.nodes(']', depth + 1));
        this.at++;
      } else items.push([]);
    }
    return { kind: 'macro', name, after, items };
  }

  private environment(name: string, depth: number): Node {
    const word = /^\s*\{([^{}]*)\}/.exec(this.text.slice(this.at));
    if (word === null) return { kind: 'chars', text: '' };
    this.at += word[0].length;
    if (name === 'end') return { kind: 'chars', text: '' };
    if (word[1] === 'array') this.at += /^\s*\{[^{}]*\}/.exec(this.text.slice(this.at))?.[0].length ?? 0;
    const nodes = this.nodes('end', depth + 1);
    this.at += /^\\end\s*\{[^{}]*\}/.exec(this.text.slice(this.at))?.[0].length ?? 0;
    return matrices.test(word[1] as string) ? { kind: 'matrix', nodes } : { kind: 'group', nodes };
  }
}

function matrixText(nodes: readonly Node[]): string {
  const rows: string[][] = [[]];
  let cell: Node[] = [];
  const close = (): void => {
    if (cell.length > 0) rows.at(-1)?.push(render(cell).trim());
    cell = [];
  };
  for (const node of nodes) {
    if (node.kind === 'space' && node.text === '   ') close();
    else if (node.kind === 'macro' && node.name === '\\') {
      close();
      rows.push([]);
    } else cell.push(node);
  }
  close();
  if (rows.at(-1)?.length === 0) rows.pop();
  return `[ ${rows.map((row) => row.join(' ')).join('; ')} ]`;
}

function macroText(name: string, items: readonly (readonly Node[])[] | null): string {
  const written = (items ?? []).map(render);
  if (name === 'frac' || name === 'nicefrac') return written.length === 2 ? written.join('/') : '%s/%s';
  if (name === 'sqrt') return `√(${written[1] ?? ''})`;
  if (passing.has(name)) return written.join('');
  if (Object.hasOwn(accents, name)) return `${written[0] ?? ''}${accents[name] as string}`.normalize('NFC');
  if (name === 'textcolor') return written[2] ?? '';
  return Object.hasOwn(latexSymbols, name) ? (latexSymbols[name] as string) : '';
}

function render(nodes: readonly Node[]): string {
  let text = '';
  let previous: Node | undefined;
  for (const node of nodes) {
    if (node.kind === 'chars') {
      // Blanks between two constructs vanish; those after a macro stay where characters follow.
      if (previous?.kind === 'macro' && previous.items === null) text += previous.after;
      if (node.text.trim() !== '') text += node.text;
    } else if (node.kind === 'macro') text += macroText(node.name, node.items);
    else if (node.kind === 'group') text += render(node.nodes);
    else if (node.kind === 'matrix') text += matrixText(node.nodes);
    else text += node.text;
    previous = node;
  }
  return text;
}

/**
 * The text that pylatexenc 2.10 makes of a formula, for what answers are made of: fractions as a/b, roots as √(a), Greek
 * letters and signs as characters, text without its command, matrices as `[ 1 2; 3 4 ]`, and unknown commands as nothing.
 * @throws RangeError for what is nested deeper than 200, or lacks an argument.
 */
export function latexToText(latex: string): string {
  const reader = new Reader(latex);
  return render(reader.nodes('end', 0));
}
