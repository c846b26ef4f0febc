/** Units that must agree where both sides name one: canonical name → ways to write it, without plurals. */
const units: Readonly<Record<string, string>> = {
  mm: 'mm millimeter millimetre',
  cm: 'cm centimeter centimetre',
  m: 'm meter metre',
  km: 'km kilometer kilometre',
  inch: 'in inch inche',
  foot: 'ft foot feet',
  yard: 'yd yard',
  mile: 'mi mile',
  mg: 'mg milligram',
  g: 'g gram',
  kg: 'kg kilogram',
  pound: 'lb pound',
  ounce: 'oz ounce',
  ton: 'ton tonne',
  second: 's sec second',
  minute: 'min minute',
  hour: 'h hr hour',
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'yr year',
  liter: 'l liter litre',
  ml: 'ml milliliter millilitre',
  gallon: 'gal gallon',
  quart: 'qt quart',
  pint: 'pint',
  cup: 'cup',
  degree: 'degree deg',
  radian: 'rad radian',
  dollar: 'dollar usd',
  cent: 'cent',
  euro: 'euro',
  '%': '% percent',
  mph: 'mph',
  'km/h': 'km/h kmph kph',
  'm/s': 'm/s',
};
const canonical = new Map(
  Object.entries(units).flatMap(([name, written]) => written.split(' ').map((word) => [word, name] as const)),
);

/** A unit in one way of writing: "square inches" and "inches^2" are `inch^2`. Undefined for words that are no unit. */
export function canonicalUnit(words: string): string | undefined {
  let text = words
    .toLowerCase()
    .replace(/\\[a-z]+|[{}()$.]/g, ' ')
    .trim();
  let exponent = '';
  const squared = /^(?:square|sq|cubic|cu)\s+/.exec(text)?.[0];
  if (squared !== undefined) {
    exponent = squared.startsWith('sq') ? '^2' : '^3';
    text = text.slice(squared.length);
  }
  const raised = /\s*\^\s*([23])\s*$/.exec(text);
  if (raised !== null) {
    exponent = `^${raised[1] as string}`;
    text = text.slice(0, raised.index);
  }
  text = text.trim();
  const name = canonical.get(text) ?? canonical.get(text.replace(/s$/, '')) ?? canonical.get(text.replace(/es$/, ''));
  return name === undefined ? undefined : `${name}${exponent}`;
}
