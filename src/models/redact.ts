/** What stands in the place of a key. */
const mask = '[redacted]';

/** Shapes of keys that services hand out, for those that this process never read itself. */
const knownShapes =
  /\b(?:sk|rk|pk|gsk|xai|hf|nvapi|r8|AIza|ghp|gho|glpat|fw|tgp|pplx|csk)[-_]?[A-Za-z0-9][A-Za-z0-9_-]{18,}|\b(Bearer\s+)[A-Za-z0-9._~+/=-]{12,}/g;

const secrets = new Set<string>();
let pattern: RegExp | undefined;

/** Very short values would blot out ordinary words. */
const shortestSecret = 6;

/**
 * Remembers a key, so that no text passed through {@link redact} shows it.
 * Its forms in JSON, in addresses and in base64 are remembered too.
 */
export function registerSecret(value: string): void {
  const secret = value.trim();
  if (secret.length < shortestSecret || secrets.has(secret)) return;
  secrets.add(secret);
  secrets.add(JSON.stringify(secret).slice(1, -1));
  secrets.add(encodeURIComponent(secret));
  secrets.add(Buffer.from(secret).toString('base64'));
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  pattern = new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

/** The text without any key that this process has read, and without what looks like a key. */
export function redact(text: string): string {
  return redactOwnKeys(text).replace(knownShapes, (_, bearer: string | undefined) => (bearer ?? '') + mask);
}

/**
 * The text without the keys that this process has read; nothing else is touched, whatever it looks like.
 * For replies: what a model wrote has to be kept as it is.
 */
export function redactOwnKeys(text: string): string {
  return pattern === undefined ? text : text.replace(pattern, mask);
}

/** Takes keys out of a text. */
export type Redactor = (text: string) => string;

/**
 * A redactor that knows every key read by this process, before and after it was made, and the values given here.
 * For logs, errors, journals and exports.
 */
export function createRedactor(secrets: Iterable<string> = []): Redactor {
  for (const secret of secrets) registerSecret(secret);
  return redact;
}
