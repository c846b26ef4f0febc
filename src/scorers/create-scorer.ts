import { type Scorer, usageError } from '../core/index.ts';
import { judge } from './judge-scorer.ts';
import { choice, exact, includes, numeric, regex, rougeLScorer } from './match-scorers.ts';

/** Every scorer that `--scorer` knows. */
export const scorerList: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'exact', description: 'the reply is the target, white space at its ends aside' },
  { name: 'includes', description: 'the reply holds the target as whole words, case aside' },
  { name: 'choice', description: 'the reply names the right option by letter, number or words' },
  { name: 'numeric', description: 'the reply’s number equals the target’s: units, thousands and percent are read' },
  { name: 'rouge-l', description: 'ROUGE-L F1 with stemming, the best over the targets' },
  { name: 'regex:PATTERN', description: 'what the pattern finds in the reply equals the target' },
  { name: 'judge', description: 'a judge model decides whether reply and target mean the same (--judge)' },
];

/** The scorer that is written so on the command line. @throws usage error that lists the names, or says what is wrong with a pattern. */
export async function createScorer(spec: string): Promise<Scorer> {
  switch (spec) {
    case 'exact':
      return exact();
    case 'includes':
      return includes();
    case 'choice':
      return choice();
    case 'numeric':
      return numeric();
    case 'rouge-l':
      return rougeLScorer();
    case 'judge':
      return judge();
  }
  if (spec.startsWith('regex:')) {
    try {
      return await regex(spec.slice('regex:'.length));
    } catch (error) {
      throw usageError(`The pattern ${spec.slice('regex:'.length)} cannot be read: ${String(error)}`, {
        where: '--scorer',
        hint: 'Patterns are RE2 patterns: no look-around and no back-references.',
        cause: error,
      });
    }
  }
  throw usageError(`There is no scorer "${spec}".`, {
    where: '--scorer',
    hint: `Scorers: ${scorerList.map(({ name }) => name).join(', ')}.`,
  });
}
