export type Token =
  | { readonly kind: 'number'; readonly text: string; readonly spaced: boolean }
  | { readonly kind: 'name'; readonly text: string; readonly spaced: boolean }
  | { readonly kind: 'command'; readonly text: string; readonly spaced: boolean }
  | { readonly kind: 'sign'; readonly text: string; readonly spaced: boolean }
  | { readonly kind: 'end'; readonly text: ''; readonly spaced: boolean };

const number = /^(?:\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4}(?![\da-zA-Z]))?/;
const command = /^\\(?:[a-zA-Z]+|.)/s;
const name = /^[a-zA-Zα-ωΑ-Ω]+/u;
const sign = /^(?:\*\*|[-+*/^_!()[\]{}|,%])/;

/** Names that are read as one word; other letters are symbols, one each. Longest first. */
const words = [
  'arcsin',
  'arccos',
  'arctan',
  'infinity',
  'sqrt',
  'sinh',
  'cosh',
  'tanh',
  'asin',
  'acos',
  'atan',
  'sin',
  'cos',
  'tan',
  'cot',
  'sec',
  'csc',
  'log',
  'exp',
  'abs',
  'inf',
  'ln',
  'pi',
];

/** The tokens of a tidied formula, undefined where a character belongs to none. */
export function expressionTokens(text: string, limit: number): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const before = at;
    while (text[at] === ' ') at++;
    const spaced = at > before;
    if (at >= text.length) break;
    if (tokens.length >= limit) return undefined;
    const rest = text.slice(at, at + 2000);
    const digits = number.exec(rest)?.[0];
    if (digits !== undefined) {
      tokens.push({ kind: 'number', text: digits, spaced });
      at += digits.length;
      continue;
    }
    const macro = command.exec(rest)?.[0];
    if (macro !== undefined) {
      tokens.push({ kind: 'command', text: macro, spaced });
      at += macro.length;
      continue;
    }
    const letters = name.exec(rest)?.[0];
    if (letters !== undefined) {
      const word = words.find((candidate) => letters.startsWith(candidate)) ?? (letters[0] as string);
      tokens.push({ kind: 'name', text: word, spaced });
      at += word.length;
      continue;
    }
    const mark = sign.exec(rest)?.[0];
    if (mark === undefined) return undefined;
    tokens.push({ kind: 'sign', text: mark === '**' ? '^' : mark, spaced });
    at += mark.length;
  }
  tokens.push({ kind: 'end', text: '', spaced: false });
  return tokens;
}
