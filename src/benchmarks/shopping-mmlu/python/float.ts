import { plainNumberText } from './int.ts';

const digits = '[0-9]+(?:_[0-9]+)*';
const float = new RegExp(
  `^[+-]?(?:(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?|inf(?:inity)?|nan)$`,
  'i',
);

/** True where Python's `float(text)` gives a number (infinities and NaN too) rather than ValueError. */
export function isPythonFloat(text: string): boolean {
  return float.test(plainNumberText(text));
}
