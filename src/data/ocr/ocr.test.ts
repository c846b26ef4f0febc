import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { bytesImage } from '../images/images.ts';
import { createOcr } from './create-ocr.ts';
import type { OcrProgress } from './create-ocr.ts';
import { pageText } from './page-text.ts';
import { canDrawText, drawChart } from './testing/draw-chart.ts';

const harvest = {
  title: 'Harvest by region',
  axis: 'Tonnes of barley',
  bars: [
    ['North', 17],
    ['South', 42],
    ['West', 60],
  ],
} as const;

const withText = await canDrawText();
if (!withText) console.warn('no font on this machine: reading of drawn charts is not tested');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'fettle-ocr-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe.skipIf(!withText)('reading a chart', () => {
  const ocr = createOcr({ cache: null, threads: 1 });
  afterAll(() => ocr.close());

  it.each(['png', 'jpeg', 'webp'] as const)(
    'reads title, labels, values and the turned axis title of a %s',
    async (type) => {
      const page = await ocr.read(bytesImage(await drawChart(harvest, type), 'harvest'));
      expect([page.width, page.height]).toEqual([720, 480]);
      const lines = pageText(page).split('\n');
      expect(lines[0]).toBe('[vertical] Tonnes of barley');
      expect(lines).toContain('Harvest by region');
      // Labels of one axis stay on one line, in order.
      expect(lines).toContain('North | South | West');
      expect(page.words.map(({ text }) => text)).toEqual(expect.arrayContaining(['17', '42', '60']));
      // Each value stands above its own label.
      const place = (text: string) => page.words.find((word) => word.text === text);
      expect(Math.abs((place('60')?.left ?? 0) - (place('West')?.left ?? 1e9))).toBeLessThan(40);
    },
  );

  it('keeps pages by hash and engine, and reads again what is damaged in the cache', async () => {
    const cache = folder();
    const image = bytesImage(await drawChart(harvest), 'harvest');
    const told: OcrProgress[] = [];
    const first = createOcr({ cache, threads: 1, onProgress: (progress) => told.push(progress) });
    const page = await first.read(image);
    const [engine = ''] = readdirSync(cache);
    expect(engine).toBe(first.engine);
    const names = readdirSync(cache, { recursive: true, encoding: 'utf8' });
    const name = names.find((path) => path.endsWith('.json')) ?? '';
    expect(name).toContain((await image.load()).sha256);
    expect(pageText(await first.read(image))).toBe(pageText(page));
    expect(told.map(({ read, cached }) => [read, cached])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    writeFileSync(join(cache, name), readFileSync(join(cache, name), 'utf8').slice(0, 40));
    expect(pageText(await first.read(image))).toBe(pageText(page));
    expect(told.at(-1)).toMatchObject({ read: 2, cached: 1 });
    await first.close();
  });

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const stopped = createOcr({ cache: null, threads: 1, signal: stop.signal });
    const reading = stopped.read(bytesImage(await drawChart(harvest), 'harvest'));
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(stopped.read(bytesImage(await drawChart(harvest), 'harvest'))).rejects.toThrow('enough');
  });
});

describe('faulty images', () => {
  it('names a truncated image, and goes on with the next', async () => {
    const ocr = createOcr({ cache: null, threads: 1 });
    const whole = await drawChart(harvest);
    await expect(ocr.read(bytesImage(whole.subarray(0, whole.length / 2), 'half.png'))).rejects.toMatchObject({
      code: 'image-invalid',
      where: 'half.png',
    });
    await expect(ocr.read(bytesImage(whole, 'whole.png'))).resolves.toMatchObject({ width: 720 });
    await ocr.close();
  });
});

describe('pageText', () => {
  const word = (text: string, left: number, top: number, height = 10) => ({
    text,
    confidence: 90,
    left,
    top,
    right: left + 6 * text.length,
    bottom: top + height,
  });

  it('keeps rows and the order within them, and parts cells at wide gaps', () => {
    const words = [word('2020', 200, 101), word('2019', 100, 100), word('per', 30, 20), word('Rate', 0, 20)];
    expect(pageText({ width: 300, height: 200, words, vertical: ['Share'] })).toBe(
      '[vertical] Share\nRate per\n2019 | 2020',
    );
  });

  it('does not let a tall word join the rows beside it', () => {
    const words = [word('A', 0, 0, 40), word('upper', 50, 2), word('lower', 50, 30)];
    expect(pageText({ width: 100, height: 50, words, vertical: [] }).split('\n')).toHaveLength(2);
  });
});
