import { withoutThoughts } from '../../../../metrics/index.ts';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Signs that stand for one another written alike: minus and dashes, quotes, powers, full-width forms. */
export function plainSigns(text: string): string {
  return text
    .replace(/(?<=\d)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/gu, (power) =>
      Array.from(power, (sign) => (sign === '⁻' ? '-' : sign === '⁺' ? '' : superscripts.indexOf(sign))).reduce<string>(
        (written, sign) => written + String(sign),
        '^',
      ),
    )
    .normalize('NFKC')
    .replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/gu, '')
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63]/gu, '-')
    .replace(/[\u2018\u2019\u201a\u201b\u2032\u00b4`]/gu, "'")
    .replace(/[\u201c-\u201f\u2033\u00ab\u00bb]/gu, '"');
}

const latexWords: Readonly<Record<string, string>> = {
  times: '×',
  cdot: '×',
  approx: '≈',
  sim: '~',
  pm: '±',
  le: '≤',
  leq: '≤',
  ge: '≥',
  geq: '≥',
  quad: ' ',
  qquad: ' ',
  circ: '°',
  left: '',
  right: '',
  displaystyle: '',
};

/** LaTeX as plain text: delimiters and font commands off, `\frac{a}{b}` as a/b, `10^{-5}` as 10^-5. */
function withoutLatex(text: string): string {
  if (!text.includes('\\') && !/\$[^$\n]{0,200}[\\^_{][^$\n]{0,200}\$/.test(text)) return text;
  return text
    .replace(/\\boxed\s?\{([^{}\n]{0,200})\}/g, 'Answer: $1')
    .replace(/\\(?:text|textbf|textit|mathrm|mathbf|mathit|operatorname)\s?\{([^{}\n]{0,200})\}/g, '$1')
    .replace(/\\d?frac\s?\{([^{}\n]{0,60})\}\s?\{([^{}\n]{0,60})\}/g, '$1/$2')
    .replace(/\\[()[\]]|\$\$/g, ' ')
    .replace(/\$([^$\n]{0,200}[\\^_{=][^$\n]{0,200})\$/g, '$1')
    .replace(/\\([%$#&_{}])/g, '$1')
    .replace(/\\[,;:! ]/g, ' ')
    .replace(/\\([A-Za-z]+)/g, (_, word: string) => latexWords[word] ?? word)
    .replace(/\^\{(-?[\w.]+)\}/g, '^$1')
    .replace(/[{}]/g, '');
}

/** A reply for reading: without thoughts, markdown and LaTeX, signs written alike. */
export function cleanReply(reply: string): string {
  const plain = withoutLatex(plainSigns(withoutThoughts(reply).replace(/\r\n?/g, '\n')));
  return plain
    .replace(/\*{2,}|_{2,}|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])/g, '')
    .replace(/^[ \t]*(?:#{1,6}|>)[ \t]+/gm, '')
    .replace(/^[ \t]*[-•][ \t]+/gm, '');
}
