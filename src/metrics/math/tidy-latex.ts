const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const fractions: Readonly<Record<string, string>> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅕': '1/5',
  '⅖': '2/5',
  '⅗': '3/5',
  '⅘': '4/5',
  '⅙': '1/6',
  '⅚': '5/6',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
};
const signs: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '—': '-',
  '‐': '-',
  '﹣': '-',
  '－': '-',
  '×': '*',
  '⋅': '*',
  '·': '*',
  '∙': '*',
  '∗': '*',
  '⁄': '/',
  '÷': '/',
  '√': '\\sqrt ',
  π: '\\pi ',
  '∞': '\\infty ',
  '∪': '\\cup ',
  '∩': '\\cap ',
  '∈': '\\in ',
  '±': '\\pm ',
  '∓': '\\mp ',
  '≤': '\\le ',
  '≥': '\\ge ',
  '≠': '\\ne ',
  '°': '^\\circ ',
  º: '^\\circ ',
  '∅': '\\emptyset ',
  θ: '\\theta ',
  '⟨': '(',
  '⟩': ')',
};
const special = new RegExp(
  `[${superscripts}⁻]+|[${Object.keys(fractions).join('')}${Object.keys(signs).join('')}]`,
  'gu',
);

function asAscii(character: string): string {
  const sign = signs[character] ?? fractions[character];
  if (fractions[character] !== undefined) return ` ${sign} `;
  if (sign !== undefined) return sign;
  const digits = [...character].map((c) => (c === '⁻' ? '-' : superscripts.indexOf(c))).join('');
  return `^{${digits}}`;
}

/**
 * An answer with one way of writing left for what has several: Unicode signs as LaTeX or ASCII, `\dfrac` as `\frac`,
 * spacing commands as a space, `\left` and `\right` gone, dollar signs around a formula gone.
 */
export function tidyLatex(text: string): string {
  return text
    .replace(special, asAscii)
    .normalize('NFKC')
    .trim()
    .replace(
      /^\\\((.*)\\\)$|^\\\[(.*)\\\]$|^\$\$?((?:\\\$|[^$])*)\$?\$$/su,
      (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? '',
    )
    .replace(/\\[dtc]frac(?![a-z])/g, '\\frac')
    .replace(/\\(?:left|right|bigg?|Bigg?|displaystyle|textstyle|limits)(?![a-zA-Z])\s*\.?/g, '')
    .replace(/(?:\{,\}|,\s*\\!|,\\,)\s*(?=\d{3})/g, ',')
    .replace(/\\\\|\\(?:[!,;:> ]|quad(?![a-z])|qquad(?![a-z]))|~/g, (match) => (match === '\\\\' ? match : ' '))
    .replace(/\\(?:leq|leqslant|leqq)(?![a-z])|<=/g, '\\le ')
    .replace(/\\(?:geq|geqslant|geqq)(?![a-z])|>=/g, '\\ge ')
    .replace(/\\(?:neq)(?![a-z])|!=/g, '\\ne ')
    .replace(/\\lt(?![a-z])/g, '<')
    .replace(/\\gt(?![a-z])/g, '>')
    .replace(/\\(?:lbrace|lbrack)(?![a-z])/g, (match) => (match === '\\lbrace' ? '\\{' : '['))
    .replace(/\\(?:rbrace|rbrack)(?![a-z])/g, (match) => (match === '\\rbrace' ? '\\}' : ']'))
    .replace(/\\[lr]angle(?![a-z])/g, (match) => (match === '\\langle' ? '(' : ')'))
    .replace(/\\(?:varnothing)(?![a-z])/g, '\\emptyset')
    .replace(/\^\s*\{?\s*\\circ\s*\}?|\\degree(?![a-z])/g, '\\degree ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Where the group that opens at `from` closes, -1 where it does not. Escaped braces are no groups. */
export function endOfGroup(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return -1;
}

/**
 * Parts of a text between separators that stand outside all brackets and groups. A comma between a digit and exactly three
 * digits groups thousands and separates nothing, unless a space follows it.
 */
export function splitOutside(text: string, separator: ',' | ';' | '&' | '='): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\' && separator !== '&') {
      if ('{}'.includes(text[at + 1] ?? ' ')) depth += text[at + 1] === '{' ? 1 : -1;
      at++;
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === separator && depth === 0) {
      const thousands =
        separator === ',' && /\d$/.test(text.slice(start, at)) && /^\d{3}(?!\d)/.test(text.slice(at + 1));
      const first = /(?:^|[^\d,])(\d{1,3})(?:,\d{3})*$/.exec(text.slice(start, at));
      if (thousands && first !== null && first[1] !== '0') continue;
      found.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  found.push(text.slice(start).trim());
  return found;
}
