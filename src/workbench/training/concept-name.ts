import { describeForgetRule, type ForgetRule } from '../../data/index.ts';

/** A short name for what a rule forgets: the classes or words themselves where they are few. */
export function conceptName(rule: ForgetRule): string {
  const names = rule.any.flatMap((part) => {
    if ('classes' in part) return part.classes;
    if ('superclasses' in part) return part.superclasses;
    if ('words' in part) return part.words;
    return [`${part.ids.length} ids`];
  });
  const name = names.join(', ');
  return name.length <= 60 ? name : `${describeForgetRule(rule).slice(0, 57)}…`;
}
