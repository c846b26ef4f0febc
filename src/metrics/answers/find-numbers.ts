/** A number as it stands in a text. */
export interface FoundNumber {
  /** As written, scale words applied: 5 for "5%", 5e6 for "5 million". */
  readonly value: number;
  readonly percent: boolean;
  /** ISO code or sign as written, upper case. */
  readonly currency?: string;
  /** Letters that touch it, or a usual unit after a space: "kg", "km/h", "years". Not converted. */
  readonly unit?: string;
  /** The characters that were read, after NFKC. */
  readonly raw: string;
  /** Where they begin in the text after NFKC. */
  readonly index: number;
}

export interface NumberFormat {
  /** The decimal sign; the other one of point and comma groups thousands. Default `point`. */
  readonly decimal?: 'point' | 'comma';
}

const scales = new Map<string, number>([
  ['hundred', 1e2],
  ['thousand', 1e3],
  ['k', 1e3],
  ['million', 1e6],
  ['mn', 1e6],
  ['billion', 1e9],
  ['bn', 1e9],
  ['trillion', 1e12],
  ['tn', 1e12],
  ['千', 1e3],
  ['万', 1e4],
  ['萬', 1e4],
  ['億', 1e8],
  ['亿', 1e8],
]);

const currencyNames = 'USD|EUR|GBP|JPY|CNY|RMB|INR|KRW|CHF|CAD|AUD|BRL|MXN|US\\$|[$€£¥₹₩₽]';

/** Units that may stand after a space; any other word there is just the next word. */
const unitNames = [
  'km/h|m/s|mph|[kcmµn]?m[23]?|[km]?g|[mc]?l|m?s|ms|k?hz|mhz|ghz|[kmg]?w|[kmg]?wh|[km]?v|m?a|k?j|k?pa|k?cal|[kmgt]i?b|°[cf]',
  'kilograms?|grams?|kilomet(?:er|re)s?|(?:centi|milli)?met(?:er|re)s?|lit(?:er|re)s?|degrees?',
  'seconds?|minutes?|min|hours?|hrs?|days?|weeks?|months?|years?|yrs?|miles?|mi|feet|ft|inch(?:es)?|yards?|pounds?|lbs?|ounces?|oz',
].join('|');

function pattern(decimal: 'point' | 'comma'): RegExp {
  const point = decimal === 'point' ? '\\.' : ',';
  const group = decimal === 'point' ? ',' : '\\.';
  // NFKC makes plain spaces of no-break ones, and "12 345" may be two numbers: only apostrophes group besides.
  const whole = `\\d{1,3}(?:${group}\\d{3})+(?!\\d)|\\d{1,3}(?:['’]\\d{3})+(?!\\d)|\\d+`;
  return new RegExp(
    [
      // Not inside a word or a version, nor the rest of what could not be read: "A1", "1.2.3", "12,34".
      `(?<![\\p{L}\\p{N}_]|\\d[.,'’/])`,
      `(?<sign>(?<![\\p{L}\\p{N}_)\\]])[-+−–](?=\\s?(?:${currencyNames})?\\s?[.,]?\\d))?`,
      `(?<before>(?:${currencyNames})\\s?)?`,
      `(?<inner>[-−](?=\\d))?`,
      `(?<digits>(?:${whole})(?:${point}\\d+)?|${point}\\d+)`,
      `(?:e(?<exponent>[-+−]?\\d{1,3})|\\s?[×x*·]\\s?10\\s?(?:\\^|\\*\\*)\\s?\\{?(?<power>[-+−]?\\d{1,3})\\}?)?`,
      `(?<fraction>\\s?/\\s?\\d+(?!\\d))?`,
      `(?![.,/'’]?\\d)`,
      `(?:\\s?(?<percent>%|percent(?![\\p{L}])|per cent(?![\\p{L}])))?`,
      `(?:\\s?(?<scale>hundred|thousand|million|billion|trillion|bn|mn|tn|k|[千万萬億亿])(?![\\p{L}\\p{N}]))?`,
      `(?:\\s?(?<after>${currencyNames})(?![\\p{L}\\p{N}]))?`,
      `(?:(?<unit>(?!(?:st|nd|rd|th)(?!\\p{L}))°?[\\p{L}Ωµ]{1,12}(?:/\\p{L}{1,6})?[23]?(?![\\p{L}\\p{N}]))`,
      `|\\s(?<spaced>(?:${unitNames})(?![\\p{L}\\p{N}])))?`,
    ].join(''),
    'giu',
  );
}

const patterns = { point: pattern('point'), comma: pattern('comma') };

/** Python's and people's ways to write a minus. */
function signed(text: string | undefined): number {
  return text !== undefined && /[-−–]/u.test(text) ? -1 : 1;
}

function read(match: RegExpExecArray, decimal: 'point' | 'comma'): FoundNumber | null {
  const groups = match.groups as Record<string, string | undefined>;
  const separators = decimal === 'point' ? /[,'’]/gu : /[.'’]/gu;
  const digits = (groups['digits'] as string).replace(separators, '').replace(',', '.');
  const power = (groups['exponent'] ?? groups['power'] ?? '0').replace('−', '-');
  // One conversion, so that the value is the nearest to what is written.
  let value = Number(`${digits}e${power}`);
  if (groups['fraction'] !== undefined) value /= Number(groups['fraction'].replace('/', '').trim());
  value *= scales.get((groups['scale'] ?? '').toLowerCase()) ?? 1;
  value *= signed(groups['sign']) * signed(groups['inner']);
  if (!Number.isFinite(value)) return null;
  const currency = (groups['before'] ?? groups['after'])?.trim().toUpperCase();
  const unit = groups['unit'] ?? groups['spaced'];
  return {
    value: value === 0 ? 0 : value,
    percent: groups['percent'] !== undefined,
    ...(currency === undefined ? {} : { currency }),
    ...(unit === undefined ? {} : { unit }),
    raw: match[0].trim(),
    index: match.index,
  };
}

/**
 * Every number in a text, in order: thousands grouped, decimals, signs (also before or after a currency), scientific
 * notation (`1e3`, `2 × 10^3`), simple fractions (`3/4`), percent, scale words (`million`, `bn`, `k`, `万`), full-width
 * digits. Digits within words and versions are no numbers, nor is what reads two ways (`12,34`; `1/2/2024`): it is left
 * out rather than guessed.
 */
export function findNumbers(text: string, { decimal = 'point' }: NumberFormat = {}): FoundNumber[] {
  const found: FoundNumber[] = [];
  for (const match of text.normalize('NFKC').matchAll(patterns[decimal])) {
    const number = read(match, decimal);
    if (number !== null) found.push(number);
  }
  return found;
}
