export interface ExtractorOptions {
  /** Default true: upper and lower case are one. */
  readonly ignoreCase?: boolean;
  /** Number or name of the capture to take. Default 1, or the whole match where the pattern has none. */
  readonly group?: number | string;
  /** Which match counts. Default `first`. */
  readonly take?: 'first' | 'last';
  /** Characters that are looked at; of longer texts the end that `take` asks for. Default 100,000. */
  readonly maxLength?: number;
}

/** What the pattern captures in a text, null where it does not match. */
export type Extractor = (text: string) => string | null;

/**
 * Compiles a pattern for hostile texts. Matching is by RE2's automata (through re2js), in time linear in the text whatever
 * the pattern, so nothing a model writes can hang a scorer. RE2 has no look-around and no back-references.
 * @throws RangeError (as rejection) for a pattern that RE2 does not accept or a group that it lacks.
 */
export async function compileExtractor(pattern: string, options: ExtractorOptions = {}): Promise<Extractor> {
  const { ignoreCase = true, take = 'first', maxLength = 100_000 } = options;
  const { RE2JS } = await import('re2js');
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (cause) {
    throw new RangeError(
      `pattern /${pattern}/: ${(cause as Error).message}; look-around and back-references are not available`,
      { cause },
    );
  }
  const captures = compiled.groupCount();
  const { group = Math.min(1, captures) } = options;
  if (typeof group === 'number' ? group > captures || group < 0 : !(group in compiled.namedGroups())) {
    throw new RangeError(`pattern /${pattern}/ has no group ${group}`);
  }
  return (text) => {
    const part = text.length <= maxLength ? text : take === 'first' ? text.slice(0, maxLength) : text.slice(-maxLength);
    const matcher = compiled.matcher(part);
    let found: string | null = null;
    while (matcher.find()) {
      found = matcher.group(group as number) ?? null;
      if (take === 'first' && found !== null) return found;
    }
    return found;
  };
}
