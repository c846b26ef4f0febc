import { z } from 'zod';

const names = z.array(z.string().trim().min(1)).min(1);

/** One way to name what shall be forgotten. */
export const forgetPartSchema = z.union([
  z.strictObject({ classes: names }),
  z.strictObject({ superclasses: names }),
  z.strictObject({
    /** Words or phrases, found whole and in any case. */
    words: names,
    /** Takes an added `s` too: dog, dogs. */
    plural: z.boolean().default(false),
    /** `any`: one caption with a word marks the image with all its captions. `all`: every caption must have one. */
    captions: z.enum(['any', 'all']).default('any'),
  }),
  z.strictObject({ ids: names }),
]);

/** What shall be forgotten: the union of its parts. */
export const forgetRuleSchema = z.strictObject({ any: z.array(forgetPartSchema).min(1) });

export type ForgetPart = z.output<typeof forgetPartSchema>;
export type ForgetRule = z.output<typeof forgetRuleSchema>;

/** A part as one would write it on the command line; long lists are cut. */
export function describeForgetPart(part: ForgetPart): string {
  if ('classes' in part) return `classes=${shortList(part.classes)}`;
  if ('superclasses' in part) return `superclasses=${shortList(part.superclasses)}`;
  if ('ids' in part) return `ids=${shortList(part.ids)}`;
  const plural = part.plural ? ' plural=yes' : '';
  return `words=${shortList(part.words)}${plural}${part.captions === 'all' ? ' captions=all' : ''}`;
}

/** The whole rule as one would write it on the command line; long lists are cut. */
export function describeForgetRule(rule: ForgetRule): string {
  return rule.any.map(describeForgetPart).join('; ');
}

function shortList(values: readonly string[]): string {
  return values.length <= 12 ? values.join(',') : `${values.slice(0, 10).join(',')},… (${values.length} in all)`;
}
