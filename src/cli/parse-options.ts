import { InvalidArgumentError } from 'commander';

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`It has to be a whole number of at least ${least}.`);
    }
    return value;
  };
}

export function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It has to be a number.');
  return value;
}

export function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Collects an option that may be given several times. */
export function collect(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** `name=value`, several times. */
export function assignment(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** `tokens=2M,calls=500,time=30m,cost=1.50`, or a bare number with a unit: `500calls`. */
export function budget(text: string): { tokens?: number; calls?: number; seconds?: number; cost?: number } {
  const result: { tokens?: number; calls?: number; seconds?: number; cost?: number } = {};
  for (const part of list(text)) {
    const match = /^(tokens|calls|time|seconds|cost)=([0-9]+(?:\.[0-9]+)?)([kKmMsh]?)$/.exec(part);
    if (match === null) {
      throw new InvalidArgumentError('Write it as tokens=2M,calls=500,time=30m,cost=1.50 (any of them).');
    }
    const [, name, digits, unit] = match;
    const value = Number(digits);
    if (name === 'time' || name === 'seconds') {
      result.seconds = value * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1);
    } else {
      const factor = unit === 'k' || unit === 'K' ? 1e3 : unit === 'm' || unit === 'M' ? 1e6 : 1;
      result[name as 'tokens' | 'calls' | 'cost'] = value * factor;
    }
  }
  return result;
}

/** `0.7`, or `NAME=0.7` for a task or group. */
export function gate(
  text: string,
  before: { name?: string; least: number }[] | undefined,
): { name?: string; least: number }[] {
  const equals = text.lastIndexOf('=');
  const least = Number(text.slice(equals + 1));
  if (text.trim() === '' || !Number.isFinite(least)) {
    throw new InvalidArgumentError('Write it as 0.7, or NAME=0.7 for a task or a group.');
  }
  return [...(before ?? []), equals === -1 ? { least } : { name: text.slice(0, equals), least }];
}
