import { randomBytes } from 'node:crypto';

/** `20261124-104502-k3f9`: sorts by time, short enough to type, different for runs of one second. */
export function createRunId(now: Date = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const suffix = [...randomBytes(4)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return `${stamp}-${suffix}`;
}
