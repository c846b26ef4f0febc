import type { TilePlan } from '../../tiling/index.ts';
import { type BeforeAfter, tokenRules } from '../../tiling/tokens/index.ts';

/** A plan as lines for people: one an image, then the sums. */
export function planText(
  plan: TilePlan,
  labels: readonly string[],
  { allocator, tile }: { readonly allocator: string; readonly tile: number },
): string {
  const names = labels.map((label, i) => `${i + 1}  ${label}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  const lines = plan.images.map(({ size, rows, columns, tiles, scale }, i) => {
    const grid = tiles === 0 ? 'no tiles' : `${rows} x ${columns} = ${tiles} tiles`;
    const seen = `${Math.round(scale * 100)} % of its resolution`;
    return `  ${(names[i] ?? '').padEnd(width)}  ${size.width} x ${size.height}  ${grid}, ${seen}`;
  });
  const { budget } = plan;
  const share = budget.tiles === 0 ? 'no budget for tiles' : `${Math.round(budget.share * 1000) / 10} % of it used`;
  lines.push(
    `  ${plan.visualInputs} visual inputs of ${budget.inputs} (${allocator}, tiles of ${tile} pixels): ${budget.used} tiles of ${budget.tiles}, ${share}; ${plan.tokens} tokens`,
  );
  for (const note of plan.notes) lines.push(`  note: ${note}`);
  return `${lines.join('\n')}\n`;
}

/** What the images cost by family of models, as they are and as tiles. */
export function tokensText(families: Readonly<Record<string, BeforeAfter>>): string {
  const names = Object.keys(families);
  const width = Math.max(...names.map((name) => name.length));
  const count = (tokens: number | null): string => (tokens === null ? 'refused' : String(tokens)).padStart(8);
  const lines = [`  ${'tokens of images'.padEnd(width)}  as they are  as tiles`];
  for (const name of names) {
    const { before, after } = families[name] ?? { before: null, after: null };
    const rule = tokenRules.find((one) => one.name === name);
    const about = rule?.approximate === true ? ' (about)' : '';
    lines.push(`  ${name.padEnd(width)}     ${count(before)}  ${count(after)}${about}`);
  }
  return `${lines.join('\n')}\n`;
}
