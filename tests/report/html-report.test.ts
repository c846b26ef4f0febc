import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleResult } from '../../src/core/index.ts';
import { makeResult, shopBenchmark, shopResults, shopTasks } from '../../src/report/__fixtures__/results.ts';
import { htmlReport, summarize, type RunForReport } from '../../src/report/index.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const attacks = [
  '<script>window.__pwned=1;alert(1)</script>',
  '</script><script>window.__pwned=2</script>',
  '</style><script>window.__pwned=3</script><style>',
  '<img src=x onerror="window.__pwned=4">',
  '"><svg onload=window.__pwned=5>',
  "' onmouseover='window.__pwned=6' autofocus onfocus='window.__pwned=6",
  '<!-- <script>window.__pwned=7</script>',
  ']]><script>window.__pwned=8</script>',
  '<a href="javascript:window.__pwned=9" id="shown">click</a>',
  '<iframe srcdoc="<script>parent.__pwned=10</script>"></iframe>',
  '<base href="http://evil.invalid/"><form id="filters" action="http://evil.invalid"><input name="search">',
  '<meta http-equiv="refresh" content="0;url=http://evil.invalid/">',
  '<link rel="stylesheet" href="http://evil.invalid/x.css"><style>body{display:none}</style>',
  '</title></head><body onload="window.__pwned=11">',
  '${window.__pwned=12}{{constructor.constructor("window.__pwned=13")()}}',
  '&lt;script&gt;window.__pwned=14&lt;/script&gt;',
  'safe\u202egnp.\u2066exe\u200b\u0000\u0007\u001b[2J\u001b]0;title\u0007\u0085\u2028\u2029\ud800',
  'w'.repeat(100_000),
  '日本語'.repeat(2000),
  '\n'.repeat(3000),
  '__proto__',
  'constructor',
  '',
];

/** Every field that others fill, filled with attacks. */
async function hostileRun(id: string): Promise<RunForReport> {
  const results: SampleResult[] = attacks.flatMap((attack, i) => {
    const base = {
      task: attack.slice(0, 2000),
      sampleId: attack,
      group: attack,
      labels: { skill: attack.slice(0, 500), language: attack.slice(0, 500), [attack.slice(0, 300)]: `${i % 2}` },
      target: attack,
      answer: { text: attack, metadata: { a: attack } },
      input: [
        { role: 'system' as const, content: attack },
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: attack },
            { type: 'image' as const, sha256: attack.slice(0, 64), mediaType: attack.slice(0, 200) },
          ],
        },
      ],
      trace: [{ type: attack }],
    };
    const score = { answer: attack, explanation: attack, metadata: { a: attack } };
    return [
      makeResult({ ...base, index: i * 4, score: { ...score, value: 1 } }),
      makeResult({ ...base, index: i * 4 + 1, sampleId: `${attack}2`, score: { ...score, value: 0, parsed: false } }),
      makeResult({ ...base, index: i * 4 + 2, sampleId: `${attack}3`, score: { value: null, reason: attack } }),
      makeResult({
        ...base,
        index: i * 4 + 3,
        sampleId: `${attack}4`,
        status: 'failed',
        answer: null,
        scores: {},
        error: { code: attack, message: attack, where: attack, hint: attack },
      }),
    ];
  });
  const [first = '', second = ''] = attacks;
  const summary = await summarize({
    benchmark: { name: attacks.join(' ').slice(0, 5000), groupBy: 'skill' },
    mode: second,
    tasks: attacks.map((attack) => ({
      name: attack.slice(0, 2000),
      labels: { skill: attack.slice(0, 500), metric: attack.slice(0, 500) },
    })),
    results,
    includeSamples: false,
    run: {
      id: `${first}${id}`,
      models: { main: first + id, [second]: attacks[3] ?? '' },
      seconds: 3,
      method: first,
      seed: first,
      createdAt: 1_780_000_000_000,
      hashes: { data: first + id, prompts: `"${first}`, code: first },
      command: first,
      notes: attacks.map((attack) => attack.slice(0, 3000)),
    },
  });
  return { summary, results: () => results };
}

const shopRun = async (seed: string, skill: number): Promise<RunForReport> => ({
  summary: await summarize({
    benchmark: shopBenchmark,
    mode: 'strict',
    tasks: shopTasks,
    results: shopResults({ seed, skill }),
    includeSamples: false,
    run: { id: `run-${seed}`, models: { main: `test:${seed}` }, seconds: 9, method: 'direct', command: 'fettle run x' },
  }),
  results: () => shopResults({ seed, skill }),
});

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

if (chromiumPath === undefined) {
  console.warn('Not opening the report in a browser: no chromium here. FETTLE_CHROMIUM names one.');
}

describe.skipIf(chromiumPath === undefined)('the HTML report in a browser', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'fettle-report-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (name: string, html: string, options?: BrowserContextOptions) =>
    openPage(browser, join(folder, name), html, options);

  const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - window.innerWidth');

  /** Opens all samples, moves over and clicks what can be, so that handlers would have their chance. */
  async function prod(page: Page): Promise<void> {
    await page.evaluate(`for (const card of document.querySelectorAll('.sample')) card.open = true`);
    await page.evaluate(`for (const element of document.querySelectorAll('*'))
      for (const type of ['mouseover', 'focus', 'click', 'load', 'error'])
        if (!['SUMMARY', 'INPUT'].includes(element.tagName)) element.dispatchEvent(new Event(type))`);
  }

  it.each([
    ['desk', {}],
    ['phone', phone],
  ] as const)('runs and breaks nothing that replies, data and names bring along: %s', async (name, options) => {
    const { page, trouble } = await open(`hostile-${name}.html`, await htmlReport([await hostileRun('1')]), options);
    await prod(page);
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(trouble).toEqual([]);
    expect(await page.evaluate('document.scripts.length')).toBe(1);
    expect(
      await page.evaluate(
        `document.querySelectorAll('a, img, iframe, base, link, object, embed, [onload], [onerror], [onfocus]').length`,
      ),
    ).toBe(0);
    expect(await page.evaluate(`document.querySelectorAll('form').length`)).toBe(1);
    expect(await page.evaluate(`document.body.innerText.includes('<script>window.__pwned=1;alert(1)</script>')`)).toBe(
      true,
    );
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    // eslint-disable-next-line no-control-regex
    expect(await page.content()).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    await page.context().close();
  });

  it('holds with several hostile runs too', async () => {
    const { page, trouble } = await open(
      'hostile-two.html',
      await htmlReport([await hostileRun('1'), await hostileRun('2')]),
      phone,
    );
    await prod(page);
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(trouble).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('would stop a script that got in all the same', async () => {
    const html = (await htmlReport([await shopRun('a', 0.6)])).replace(
      '</main>',
      '<script>window.__pwned=1</script><img src=x onerror="window.__pwned=2"></main>',
    );
    const { page, trouble } = await open('injected.html', html);
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(trouble.join('\n')).toContain('Content Security Policy');
    await page.context().close();
  });

  it('filters samples by word, task and verdict', async () => {
    const { page, trouble } = await open('filter.html', await htmlReport([await shopRun('a', 0.6)]));
    const shown = () =>
      page.evaluate(`[...document.querySelectorAll('.sample')].filter((card) => !card.hidden).length`);
    expect(await shown()).toBe(216);
    await page.locator('#task').selectOption({ label: 'rank for query' });
    await expect.poll(shown).toBe(24);
    await page.locator('[name=verdict][value=right]').uncheck();
    await expect.poll(shown).toBeLessThan(24);
    await page.locator('#task').selectOption('');
    await page.locator('#search').fill('PACK-ARITHMETIC#3');
    await expect.poll(shown).toBeLessThanOrEqual(1);
    expect(await page.locator('#shown').textContent()).toMatch(/^\d of 216 shown$/);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('is whole without scripts', async () => {
    const { page } = await open('no-script.html', await htmlReport([await shopRun('a', 0.6)]), {
      javaScriptEnabled: false,
    });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('.sample').count()).toBe(216);
    await page.locator('.sample summary').first().click();
    expect(await page.locator('.sample dl').first().isVisible()).toBe(true);
    await page.context().close();
  });

  it.each([1, 2, 3])('fits a phone with %i runs', async (count) => {
    const runs = await Promise.all(['a', 'b', 'c'].slice(0, count).map((seed, i) => shopRun(seed, 0.4 + 0.2 * i)));
    const { page, trouble } = await open(`phone-${count}.html`, await htmlReport(runs, { tasks: shopTasks }), phone);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(trouble).toEqual([]);
    // Text keeps a readable size: drawings are laid out for the width, not shrunk to it.
    const sizes = (await page.evaluate(
      `[...document.querySelectorAll('svg text')].map((text) => text.getBoundingClientRect().height)`,
    )) as number[];
    expect(Math.min(...sizes)).toBeGreaterThan(9);
    await page.context().close();
  });

  it('draws every interval where its numbers say', async () => {
    const run = await shopRun('a', 0.6);
    const { page } = await open('drawn.html', await htmlReport([run]));
    const drawn = (await page.evaluate(
      `[...document.querySelectorAll('figure.intervals')][0].querySelectorAll('.row circle').length`,
    )) as number;
    expect(drawn).toBe(shopTasks.length);
    const at = await page
      .locator('figure.intervals .row', { hasText: 'pack arithmetic' })
      .first()
      .locator('circle')
      .getAttribute('cx');
    const score = run.summary.tasks['pack arithmetic']?.score ?? 0;
    expect(Number.parseFloat(at ?? '')).toBeCloseTo(2 + 96 * score, 1);
    await page.context().close();
  });

  it('has names for its drawings and headings for its tables', async () => {
    const { page } = await open('names.html', await htmlReport([await shopRun('a', 0.6), await shopRun('b', 0.7)]));
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('svg[role=img]')].filter((svg) => !svg.getAttribute('aria-label') || !svg.querySelector('title')).length`,
      ),
    ).toBe(0);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('table')].filter((table) => !table.caption || table.querySelectorAll('th[scope=col]').length < 5 || !table.querySelector('th[scope=row]')).length`,
      ),
    ).toBe(0);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('input:not([type=hidden]), select')].filter((field) => !field.closest('label')).length`,
      ),
    ).toBe(0);
    expect(await page.evaluate(`document.querySelectorAll('h1').length`)).toBe(1);
    await page.context().close();
  });
});
