import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeResult, shopBenchmark, shopResults, shopTasks } from '../__fixtures__/results.ts';
import { summarize } from '../summarize.ts';
import { htmlReport } from './html-report.ts';
import { html } from './markup.ts';
import { SamplePicker } from './sample-pick.ts';

const shop = async (perTask = 24) => ({
  summary: await summarize({
    benchmark: shopBenchmark,
    mode: 'strict',
    tasks: shopTasks,
    results: shopResults({ seed: 'a', skill: 0.6, perTask }),
    includeSamples: false,
  }),
  results: () => shopResults({ seed: 'a', skill: 0.6, perTask }),
});

describe('html', () => {
  it('escapes values unless they are markup', () => {
    const inner = html`<b title="${'"<&\'>'}">${'<i>'}</b>`;
    expect(html`<p>${inner}${[html`<br />`, 'x\u0000\u202e']}${null}${false}${0}</p>`.text).toBe(
      '<p><b title="&quot;&lt;&amp;&#39;&gt;">&lt;i&gt;</b><br />x␀⟨U+202E⟩0</p>',
    );
  });

  it('takes no look-alike for markup', () => {
    const fake = JSON.parse('{"text":"<script>"}') as never;
    expect(html`${fake}`.text).not.toContain('<script>');
  });
});

describe('htmlReport', () => {
  it('is one file whose policy allows its own style and script alone', async () => {
    const page = await htmlReport([await shop()]);
    const policy = /content="(default-src[^"]*)"/.exec(page)?.[1] ?? '';
    const hash = (tag: string) =>
      createHash('sha256')
        .update(page.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? '')
        .digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash('style')}'; script-src 'sha256-${hash('script')}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/ (style|on\w+)="/);
    expect(page).not.toMatch(/(src|href)=/);
    expect(page).toContain('attribute value');
    expect(page).toMatch(/95 % interval/);
  });

  it('is the same for the same runs, and small however many samples there are', async () => {
    expect(await htmlReport([await shop()])).toBe(await htmlReport([await shop()]));
    const page = await htmlReport([await shop(2000)]);
    expect(page.match(/<details class="sample"/g)).toHaveLength(300);
    expect(page).toContain('Shown here: 300');
    expect(page.length).toBeLessThan(1_000_000);
  });

  it('shows runs without a single result, or without figures', async () => {
    const empty = await summarize({ mode: 'strict', tasks: [{ name: 'a' }], results: [], includeSamples: false });
    expect(await htmlReport([{ summary: empty, results: () => [] }])).toContain('No overall score');
    const results = [makeResult({ score: { value: null, reason: 'encoder missing' } })];
    const none = await summarize({ mode: 'strict', tasks: [], results, includeSamples: false });
    expect(await htmlReport([{ summary: none, results: () => results }])).toContain('encoder missing');
    await expect(htmlReport([])).rejects.toThrow('needs a run');
  });
});

describe('SamplePicker', () => {
  it('keeps what went wrong first, room for what went right, spread over the run', () => {
    const picker = new SamplePicker(50);
    for (let index = 0; index < 10_000; index++)
      picker.add(makeResult({ index, score: { value: index % 3 === 0 ? 0 : 1 } }));
    const picked = picker.pick();
    expect(picker.counts).toMatchObject({ wrong: 3334, right: 6666 });
    expect(picked).toHaveLength(50);
    expect(picked.filter(({ verdict }) => verdict === 'wrong')).toHaveLength(40);
    expect(picked[0]?.verdict).toBe('wrong');
    const indices = picked.slice(0, 40).map(({ result }) => result.index);
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    expect(indices.filter((index) => index > 5000).length).toBeGreaterThan(10);
  });
});
