import { describe, expect, it } from 'vitest';
import type { TrainingNews } from '../workbench/index.ts';
import type { CliContext } from './context.ts';
import { TrainingProgressView } from './training-progress.ts';

// A code of the terminal, or one character.
const pieces = new RegExp(`${String.fromCodePoint(0x1b)}\\[\\d*[A-Z]|[^]`, 'gu');

/** What a terminal shows once it has followed what was written: lines, carriage returns, "up" and "erase below". */
function screenOf(written: string): string[] {
  const lines = [''];
  let [row, column] = [0, 0];
  for (const [piece] of written.matchAll(pieces)) {
    if (piece === '\r') column = 0;
    else if (piece === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (piece === '\u001B[J') {
      lines[row] = (lines[row] ?? '').slice(0, column);
      lines.length = row + 1;
    } else if (piece.startsWith('\u001B[') && piece.endsWith('A')) row -= Number(piece.slice(2, -1));
    else {
      const line = lines[row] ?? '';
      lines[row] = line.slice(0, column) + piece + line.slice(column + 1);
      column += 1;
    }
  }
  return lines;
}

function watch(options: { json?: boolean; errIsTerminal?: boolean; width?: number } = {}) {
  let written = '';
  let time = 0;
  const err = (text: string): void => void (written += text);
  const { json = false, errIsTerminal = true, width = 80 } = options;
  const context: CliContext = {
    console: { out: () => undefined, err, color: false, outIsTerminal: false, errIsTerminal, width },
    json,
    quiet: false,
    configFile: undefined,
    home: '',
    note: (text) => err(`${text}\n`),
    printJson: () => undefined,
  };
  const view = new TrainingProgressView(context, () => time);
  const news = (...all: TrainingNews[]): void => {
    for (const each of all) {
      time += 6000;
      view.onNews(each);
    }
  };
  return { view, news, screen: () => screenOf(written), written: () => written };
}

const progress = (step: number, loss: number | null, name = 'seed 0'): TrainingNews => ({
  kind: 'engine',
  name,
  event: {
    v: 1,
    event: 'progress',
    id: 'r1',
    seq: 1,
    t: 0,
    step,
    total: 1000,
    loss,
    losses: {},
    gradientNorm: null,
    learningRate: 1e-3,
    stepsPerSecond: 9,
    peakBytes: 1,
  },
});

const braille = /[\u2801-\u28FF]/;

describe('the progress of a training', () => {
  it('is one line with the curve of the loss below, redrawn in place', () => {
    const { news, screen } = watch();
    news({ kind: 'stage', text: 'Training' }, progress(10, 4));
    expect(screen()).toEqual(['[6 s] Training …', 'seed 0: step 10/1000 · loss 4.000 · 9.0 steps/s · 1 min 50 s left']);
    news(...Array.from({ length: 40 }, (_, i) => progress(20 + i, 4 - i / 20)));
    const [stage, line, ...curve] = screen();
    expect([stage, line]).toEqual([
      '[6 s] Training …',
      'seed 0: step 59/1000 · loss 2.050 · 9.0 steps/s · 1 min 45 s left',
    ]);
    expect(curve).toHaveLength(4);
    expect(curve[0]).toMatch(/^ *4 /);
    expect(curve[3]).toMatch(/^ *2.05 /);
    expect(curve.every((row) => braille.test(row) && row.length < 80)).toBe(true);
  });

  it('leaves lines of finished parts, and nothing else once it ends', () => {
    const { view, news, screen } = watch({ width: 40 });
    news(progress(1, 3), progress(2, 2), { kind: 'done', name: 'seed 0', text: 'trained' }, progress(3, 1, 'seed 1'));
    news(progress(4, 2, 'seed 1'));
    expect(screen()[0]).toBe('[18 s] seed 0: trained');
    expect(screen().every((row) => row.length < 40)).toBe(true);
    view.note('Saving a checkpoint.');
    news(progress(5, 1, 'seed 1'));
    view.end();
    expect(screen()).toEqual(['[18 s] seed 0: trained', 'Saving a checkpoint.', '']);
  });

  it('says whose loss it is where several jobs run, and passes over losses that are no number', () => {
    const { news, screen } = watch();
    news(progress(1, null, 'a'), progress(2, 1, 'a'), progress(1, 5, 'b'), progress(2, 6, 'b'));
    expect(screen()[1]).toBe('loss of b');
    expect(screen()[2]).toMatch(/^ *6 /);
  });

  it.each([{ json: true }, { errIsTerminal: false }])('has no curve with %o', (options) => {
    const { news, written } = watch(options);
    news(progress(1, 3), progress(2, 2), progress(3, 1));
    expect(written()).toContain('step 3/1000');
    expect(written()).not.toMatch(braille);
  });

  it('writes plain lines without escape codes where it is no terminal', () => {
    const { news, written } = watch({ errIsTerminal: false });
    news(progress(1, 3), progress(2, 2), { kind: 'done', name: 'seed 0', text: 'trained' });
    expect(written().includes('\u001B')).toBe(false);
    expect(written().split('\n')).toHaveLength(4);
  });
});
