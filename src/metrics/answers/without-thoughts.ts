const tag = /<(\/?)(?:think|thinking|thought|reasoning)>/gi;
const specialToken = /<\|[^|<>\n]{1,40}\|>|<\/?s>/g;

/**
 * A reply without what is not meant for the reader: thoughts between tags (also where the opening tag was part of the
 * template, or the closing one was never written) and special tokens that a server let through.
 */
export function withoutThoughts(reply: string): string {
  if (!reply.includes('<')) return reply;
  let kept = '';
  let at = 0;
  let thinking = false;
  for (const match of reply.matchAll(tag)) {
    const closes = match[1] === '/';
    if (closes && !thinking) kept = '';
    else if (!closes && !thinking) kept += reply.slice(at, match.index);
    thinking = !closes;
    at = match.index + match[0].length;
  }
  if (!thinking) kept += reply.slice(at);
  return kept.replace(specialToken, '');
}
