import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unlearningReport } from '../../src/report/index.ts';
import { makeExperiment } from '../../src/report/unlearning/__fixtures__/experiment.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const attack = (name: string): string =>
  `${name}</title></style><script>window.__pwned=1</script><img src=x onerror="window.__pwned=2">" onmouseover="window.__pwned=3' autofocus onfocus='window.__pwned=4<base href="http://evil.invalid/"><meta http-equiv="refresh" content="0;url=http://evil.invalid/">\u202e\u0000\u001b[2J\u2066\ud800`;

const phone: BrowserContextOptions = { viewport: { width: 400, height: 800 }, isMobile: true, hasTouch: true };

describe('the unlearning report', () => {
  it('is one file that allows its own style alone', () => {
    const page = unlearningReport(makeExperiment({ rename: attack, classes: 12 }));
    expect(page).toMatch(
      /content="default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'"/,
    );
    expect(page.match(/<style>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<(script|img|base|iframe)/);
    // eslint-disable-next-line no-control-regex
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([
    ['one seed and one concept', { seeds: [0], concepts: ['apple'] }],
    ['retrieval alone', { zeroShot: false, retrieval: true }],
    ['a class', { classes: 1, concepts: ['apple'] }],
  ])('holds with %s', (_, options) => {
    const page = unlearningReport(makeExperiment(options));
    expect(page).toContain('Ablation');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('holds without outcomes, and says what failed', () => {
    const experiment = makeExperiment();
    expect(unlearningReport({ ...experiment, outcomes: [] })).toContain('No model was trained to forget');
    const page = unlearningReport({
      ...experiment,
      outcomes: experiment.outcomes.filter(({ arm, seed }) => arm !== 'f' || seed !== 1),
      failures: [{ concept: 'apple', arm: 'f', seed: 1, reason: 'the loss became not a number' }],
    });
    expect(page).toContain('the loss became not a number');
  });

  it('puts the paper’s figures beside the ablation', () => {
    const page = unlearningReport(makeExperiment());
    for (const figures of ['86.08 / 72.85', '18.57 / 64.12', '9.40 / 73.14', '0.00 / 90.80'])
      expect(page).toContain(figures);
  });
});

if (chromiumPath === undefined) {
  console.warn('Not opening the unlearning report in a browser: no chromium here. FETTLE_CHROMIUM names one.');
}

describe.skipIf(chromiumPath === undefined)('the unlearning report in a browser', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'fettle-unlearning-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (name: string, html: string, options?: BrowserContextOptions) =>
    openPage(browser, join(folder, name), html, options);

  it.each([
    ['a desk', {}],
    ['a phone', phone],
  ])('runs nothing, asks for nothing and fits %s, whatever names say', async (_, options) => {
    const html = unlearningReport(makeExperiment({ rename: attack, classes: 20, retrieval: true }));
    const { page, trouble } = await open('hostile.html', html, options);
    expect(await page.evaluate('window.__pwned')).toBeUndefined();
    expect(trouble).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.evaluate(`document.querySelectorAll('script, img, iframe, base, h1 script').length`)).toBe(0);
    await page.context().close();
  });

  it.each([
    ['wide', { viewport: { width: 1280, height: 900 } }],
    ['narrow', phone],
  ])('keeps the labels of the %s trade-off figure apart', async (kind, options) => {
    const { page } = await open('labels.html', unlearningReport(makeExperiment()), options);
    const overlaps = await page.evaluate(`(() => {
      const boxes = [...document.querySelectorAll('.trade-off svg.${kind} .arm text')].map((text) => text.getBoundingClientRect());
      return [boxes.length, boxes.filter((a, i) => boxes.some((b, j) => j > i && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)).length];
    })()`);
    expect(overlaps).toEqual([9, 0]);
    await page.context().close();
  });

  it('names its drawings and the headings of its tables', async () => {
    const { page } = await open('names.html', unlearningReport(makeExperiment({ retrieval: true })));
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('svg[role=img]')].filter((svg) => !svg.getAttribute('aria-label') || !svg.querySelector('title')).length`,
      ),
    ).toBe(0);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('table')].filter((table) => !table.caption || !table.querySelector('th[scope=row]')).length`,
      ),
    ).toBe(0);
    await page.context().close();
  });
});
