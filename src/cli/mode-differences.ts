import { shownTarget } from '../core/index.ts';
import type { ModeDifference } from '../workbench/index.ts';
import { printable } from './console.ts';

function short(text: string, length: number): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > length ? `${flat.slice(0, length - 1)}…` : flat;
}

/** Each sample that the modes judge differently, with every mode's reading of it. */
export function differencesText(differences: readonly ModeDifference[], modes: readonly string[]): string {
  if (differences.length === 0) return `\nAll modes (${modes.join(', ')}) agree on every sample.\n`;
  const width = Math.max(...modes.map((mode) => mode.length));
  const lines = ['', `${differences.length} samples are judged differently:`];
  for (const { id, task, reply, target, verdicts } of differences) {
    lines.push('', `${task} / ${id}`, `  reply  ${JSON.stringify(short(reply, 100))}`);
    lines.push(`  target ${JSON.stringify(short(shownTarget(target), 100))}`);
    for (const mode of modes) {
      const verdict = verdicts[mode];
      if (verdict === undefined) continue;
      const value = verdict.value === null ? 'none' : verdict.value.toFixed(4);
      lines.push(`  ${mode.padEnd(width)}  ${value}  ${short(verdict.why ?? '', 120)}`);
    }
  }
  lines.push('', ...comparisons(differences, modes));
  return `${printable(lines.join('\n'))}\n`;
}

/** How often each mode gives more and less than the first, where both give a value. */
function comparisons(differences: readonly ModeDifference[], modes: readonly string[]): string[] {
  const [first, ...others] = modes;
  if (first === undefined) return [];
  return others.map((mode) => {
    let more = 0;
    let less = 0;
    for (const { verdicts } of differences) {
      const [own, base] = [verdicts[mode]?.value ?? null, verdicts[first]?.value ?? null];
      if (own === null || base === null) continue;
      if (own > base) more += 1;
      else if (own < base) less += 1;
    }
    return `${mode} gives more than ${first} on ${more} samples, less on ${less}`;
  });
}
