import { type SampleResult, shownTarget, type StoredMessage } from '../../core/index.ts';
import { formatInteger, formatScore, formatSeconds, plural } from '../format.ts';
import { html, type Markup, named } from './markup.ts';
import { type Pictures, pictureStore, pictureUse } from './pictures.ts';
import { verdicts, type PickedSample, type SamplePicker, type Verdict } from './sample-pick.ts';
import { shorten, shortName } from './visible-text.ts';

const longest = { input: 4000, reply: 4000, target: 1500, explanation: 1500 };

export interface SampleGroup {
  /** Absent where there is one run. */
  readonly label?: string;
  readonly picker: SamplePicker;
}

/** Samples to look at, what went wrong first, with filters for who runs scripts. */
export function sampleSection(groups: readonly SampleGroup[], pictures: Pictures = new Map()): Markup {
  const picked = groups.map(({ picker }) => picker.pick());
  const tasks = [...new Set(picked.flat().map(({ result }) => result.task))];
  const present = verdicts.filter((verdict) => picked.flat().some((sample) => sample.verdict === verdict));
  return html`<section id="samples">
    <h2>Samples</h2>
    ${pictureStore(pictures)}
    <form id="filters" hidden>
      <label class="search">Search <input type="search" id="search" autocomplete="off" /></label>
      <label
        >Task
        <select id="task">
          <option value="">all</option>
          ${tasks.map((task, i) => html`<option value="${i}">${shortName(task, 80)}</option>`)}
        </select></label
      >
      <fieldset>
        <legend>Verdict</legend>
        ${present.map((verdict) => html`<label class="check"><input type="checkbox" name="verdict" value="${verdict}" checked /> ${verdict}</label>`)}
      </fieldset>
      <p id="shown" role="status"></p>
    </form>
    ${groups.map(({ label, picker }, i) => {
      const samples = picked[i] as PickedSample[];
      return html`${label !== undefined && html`<h3>${named(label, 300)}</h3>`}
        <p class="muted">${countsText(picker, samples.length)}</p>
        <div class="samples">
          ${samples.map((sample) => card(sample, tasks.indexOf(sample.result.task), pictures))}
        </div>`;
    })}
  </section>`;
}

function countsText(picker: SamplePicker, shown: number): string {
  const counts = verdicts
    .filter((verdict) => picker.counts[verdict] > 0)
    .map((verdict) => `${formatInteger(picker.counts[verdict])} ${verdict}`);
  const all = `${plural(picker.total, 'result')}: ${counts.join(', ')}.`;
  return shown < picker.total
    ? `${all} Shown here: ${formatInteger(shown)}, what went wrong first, spread over the run. fettle export gives all.`
    : all;
}

function card({ result, score, verdict }: PickedSample, task: number, pictures: Pictures): Markup {
  const epoch = result.epoch > 1 ? ` (epoch ${result.epoch})` : '';
  return html`<details class="sample" data-verdict="${verdict}" data-task="${task}">
    <summary>
      <span class="verdict ${verdictClass(verdict)}">${verdict}</span>
      <span class="sample-name"
        >${named(result.sampleId)}${epoch} <span class="muted">${named(result.task, 80)}</span></span
      >
      <span class="sample-score">${result.status === 'failed' ? '' : formatScore(score?.value)}</span>
    </summary>
    <dl>
      ${field(
        'Input',
        result.input.map((stored) => message(stored, pictures)),
      )}
      ${field('Target', text(shownTarget(result.target), longest.target))}
      ${result.answer !== null && field('Reply', text(result.answer.text, longest.reply))}
      ${score?.answer !== undefined && field('Read as', text(score.answer, longest.target))}
      ${score?.explanation !== undefined && field('Verdict', text(score.explanation, longest.explanation))}
      ${score?.reason !== undefined && field('No value', text(score.reason, longest.explanation))}
      ${result.error !== undefined && field('Error', text(errorText(result), longest.explanation))}
      ${otherScores(result)} ${field('Expense', html`<p class="muted">${expense(result)}</p>`)}
    </dl>
  </details>`;
}

const verdictClass = (verdict: Verdict): string => `is-${verdict.replace(' ', '-')}`;

const field = (name: string, content: Markup | Markup[]): Markup =>
  html`<div>
    <dt>${name}</dt>
    <dd>${content}</dd>
  </div>`;

function text(full: string, length: number): Markup {
  const { text: shown, omitted } = shorten(full, length);
  if (full === '') return html`<p class="muted">empty</p>`;
  return html`<pre dir="auto">${shown}</pre>
    ${omitted > 0 && html`<p class="muted">and ${plural(omitted, 'further character')}</p>`}`;
}

function message(stored: StoredMessage, pictures: Pictures): Markup {
  const { content } = stored;
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  return html`${stored.role !== 'user' && html`<p class="role">${stored.role}</p>`}${parts.map((part) => {
    if (part.type === 'text') return text(part.text, longest.input);
    const picture = pictures.get(part.sha256);
    if (picture !== undefined) return pictureUse(part.sha256, picture);
    return html`<p class="picture">picture, ${shortName(part.mediaType, 60)}, sha256 ${part.sha256.slice(0, 12)}</p>`;
  })}`;
}

const errorText = ({ error }: SampleResult): string =>
  [error?.message, error?.where, error?.hint].filter(Boolean).join('\n');

function otherScores(result: SampleResult): Markup | false {
  const others = Object.entries(result.scores).slice(1);
  if (others.length === 0) return false;
  return field(
    'Further scores',
    html`<p>${others.map(([name, score]) => html`${named(name)} ${formatScore(score.value)}; `)}</p>`,
  );
}

function expense({ usage, durationMs }: SampleResult): string {
  return `${plural(usage.calls, 'call')}, ${formatInteger(usage.inputTokens)} tokens in, ${formatInteger(usage.outputTokens)} out, ${formatSeconds(durationMs / 1000)}`;
}
