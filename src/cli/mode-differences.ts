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
    lines.push(`  target ${short(typeof target === 'string' ? JSON.stringify(target) : JSON.stringify(target), 100)}`);
    for (const mode of modes) {
      const verdict = verdicts[mode];
      if (verdict === undefined) continue;
      const value = verdict.value === null ? 'none' : verdict.value.toFixed(4);
      lines.push(`  ${mode.padEnd(width)}  ${value}  ${short(verdict.why ?? '', 120)}`);
    }
  }
  return `${printable(lines.join('\n'))}\n`;
}
