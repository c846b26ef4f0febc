import { html, type Markup, named } from '../html/markup.ts';
import type { ArmsSummary, ArmSummary } from './summarize-arms.ts';

/** Below it, three decimals show less than 0.5. */
const chance = 0.4995;

/** What a membership AUC below 0.5 means, for the arms that have one; null where none has. */
export function membershipNote({ arms }: Pick<ArmsSummary, 'arms'>): Markup | null {
  const below = arms.filter(({ figures }) => (figures.membershipAuc?.mean ?? 1) < chance);
  if (below.length === 0) return null;
  const untouched = below.filter(
    ({ arm: { name, role } }) => role === 'original' || role === 'gold-standard' || name === 'retain-only',
  );
  const unlearned = below.filter((row) => !untouched.includes(row));
  const unclear = unlearned.filter(({ figures: { membershipAuc: auc } }) =>
    auc?.interval ? auc.interval[1] >= 0.5 : auc?.seeds === 1,
  );
  const worst = Math.min(...unlearned.map(({ figures }) => figures.membershipAuc?.mean ?? 1));
  return html`<p class="muted small membership">
    ${
      unlearned.length > 0 &&
      html`Membership AUC below 0.5 (${list(unlearned)}): training pairs of the forget set match worse than unseen pairs
      of the same concept, because unlearning pushed apart the pairs that it trained on more than the others. That is a
      trace as well, not better forgetting: who looks for the lowest cosines finds the training pairs, and
      ${worst.toFixed(3)} tells as much as ${(1 - worst).toFixed(3)}. Best is what the retrained model has.`
    }
    ${unclear.length > 0 && html`Where the interval reaches 0.5, or a single seed gives none (${list(unclear)}), it may be chance.`}
    ${
      untouched.length > 0 &&
      html`No training pushed the pairs apart in ${list(untouched)}: there, below 0.5 says that these training pairs
      happen to match less well than these test pairs.`
    }
  </p>`;
}

const list = (rows: readonly ArmSummary[]): Markup =>
  named(rows.map(({ arm, figures }) => `${arm.title} ${figures.membershipAuc?.mean.toFixed(3)}`).join('; '), 400);
