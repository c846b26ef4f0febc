/** What Python's text and number functions do, for scores that have to equal those of code written in it. */
export { isPythonFloat, pythonFloat, pythonFloatText, roundToCents } from './float.ts';
export { pythonInt } from './int.ts';
export { createPythonRandom, type PythonRandom } from './mersenne-twister.ts';
export { decimalValue, isAlphanumeric, isNumeric } from './numeric.ts';
export { pythonDigitClass, pythonWordClass } from './patterns.ts';
export {
  firstCharacter,
  isPythonBlank,
  isPythonSpace,
  pythonSplit,
  pythonStrip,
  pythonTrimEnd,
  stripCharacter,
} from './white-space.ts';
