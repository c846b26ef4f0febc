import { z } from 'zod';
import { errorMessage, usageError, type FettleError } from '../../core/index.ts';
import { nearestNames } from '../tree/nearest-names.ts';
import { forgetPartSchema, forgetRuleSchema, type ForgetPart, type ForgetRule } from './forget-rule.ts';

const example = 'classes=apple,bicycle; words=dog plural=yes; ids=@list.txt';

type PartKind = 'classes' | 'superclasses' | 'words' | 'ids';

const kinds: Readonly<Record<string, PartKind>> = {
  class: 'classes',
  classes: 'classes',
  superclass: 'superclasses',
  superclasses: 'superclasses',
  word: 'words',
  words: 'words',
  id: 'ids',
  ids: 'ids',
};

const optionPattern = /\s+(plural|captions)\s*=\s*(\S*)\s*$/iu;

/**
 * A forget rule from text: parts joined by `;`, each `classes=…`, `superclass=…`, `words=…` or `ids=…` with a list
 * joined by commas; `words` takes `plural=yes` and `captions=all` behind it. Text that starts with `{` is JSON:
 * `{ "any": [part, …] }`, or one part alone. No file is read: `readForgetRule` does that.
 * Throws a usage error that says which part cannot be meant.
 */
export function parseForgetRule(text: string): ForgetRule {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return parseJsonRule(trimmed);
  const parts = trimmed
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw ruleError('The forget rule is empty', text);
  return { any: parts.map(parsePart) };
}

function parsePart(text: string): ForgetPart {
  let rest = text;
  const options: Record<string, string> = {};
  for (let found = optionPattern.exec(rest); found !== null; found = optionPattern.exec(rest)) {
    const name = (found[1] as string).toLowerCase();
    if (name in options) throw ruleError(`${name} is given twice`, text);
    options[name] = (found[2] as string).toLowerCase();
    rest = rest.slice(0, found.index);
  }
  const equals = rest.indexOf('=');
  const key = (equals < 0 ? rest : rest.slice(0, equals)).trim().toLowerCase();
  const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  if (kind === undefined || equals < 0) {
    const [near] = nearestNames(key, Object.keys(kinds), 1);
    const meant = kind === undefined && near !== undefined ? ` Did you mean ${near}=?` : '';
    const what = kind === undefined ? `${JSON.stringify(key)} is no way to name a forget set` : `${key} lacks its "="`;
    throw usageError(what, {
      where: `forget rule ${JSON.stringify(text)}`,
      hint: `Write for example ${example}.${meant}`,
    });
  }
  const values = rest
    .slice(equals + 1)
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) throw ruleError(`${key}= names nothing`, text);
  if (kind !== 'words') {
    const [option] = Object.keys(options);
    if (option !== undefined) throw ruleError(`${option}= belongs to words=, not to ${key}=`, text);
    return kind === 'classes'
      ? { classes: values }
      : kind === 'superclasses'
        ? { superclasses: values }
        : { ids: values };
  }
  const { plural = 'no', captions = 'any' } = options;
  if (!/^(?:yes|no|true|false)$/.test(plural))
    throw ruleError(`plural= takes yes or no, not ${plural || 'nothing'}`, text);
  if (captions !== 'any' && captions !== 'all') {
    throw ruleError(`captions= takes any or all, not ${captions || 'nothing'}`, text);
  }
  return { words: values, plural: plural === 'yes' || plural === 'true', captions };
}

function parseJsonRule(text: string): ForgetRule {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw usageError(`The forget rule is not JSON: ${errorMessage(cause)}`, { where: 'forget rule', cause });
  }
  return checkForgetRule(value);
}

/** Checks a value from JSON: `{ any: [part, …] }`, or one part alone. Throws a usage error that names the fault. */
export function checkForgetRule(value: unknown): ForgetRule {
  const whole = typeof value === 'object' && value !== null && 'any' in value;
  const parsed = whole
    ? forgetRuleSchema.safeParse(value)
    : z.strictObject({ any: z.array(forgetPartSchema) }).safeParse({ any: [value] });
  if (parsed.success) return parsed.data;
  throw usageError(`The forget rule cannot be read: ${z.prettifyError(parsed.error)}`, {
    where: 'forget rule',
    hint: 'Write { "any": [{ "classes": ["apple"] }, { "words": ["dog"], "plural": true }, { "ids": ["a", "b"] }] }.',
  });
}

function ruleError(message: string, text: string): FettleError {
  return usageError(message, { where: `forget rule ${JSON.stringify(text)}`, hint: `Write for example ${example}.` });
}
