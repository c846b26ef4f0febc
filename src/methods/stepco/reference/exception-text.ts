/** What the released normaliser leaves of a boxed answer is nothing where it holds only these. */
const nothingLeft = /^[\p{L},<>[\]\\{}$*().:\s]*$/u;
const boxed = /\\boxed\{([^\n]*?)\}/u;

/** `str` of the exception with its class before it: a SyntaxError names its place, line 0 where there was no text. */
export function exceptionText(answer: string, { error, message }: { error: string; message: string }): string {
  if (error !== 'SyntaxError') return `${error}: ${message}`;
  const line = nothingLeft.test(boxed.exec(answer)?.[1] ?? '-') ? 0 : 1;
  return `${error}: ${message} (<string>, line ${line})`;
}
