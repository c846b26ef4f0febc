import type { TrainingNews } from '../workbench/index.ts';
import type { CliContext } from './context.ts';
import { printable } from './console.ts';

const redrawMs = 150;
const lineMs = 5000;

interface Job {
  readonly name: string;
  text: string;
}

/** Draws the news of a training: one line redrawn in a terminal, plain lines elsewhere, finished parts as lines. */
export class TrainingProgressView {
  readonly #context: CliContext;
  readonly #jobs = new Map<string, Job>();
  readonly #startedAt = performance.now();
  #data = '';
  #part = '';
  #shown = '';
  #lastAt = 0;

  constructor(context: CliContext) {
    this.#context = context;
  }

  readonly onNews = (news: TrainingNews): void => {
    if (this.#context.quiet) return;
    if (news.kind === 'stage') this.#line(`${news.text} …`);
    else if (news.kind === 'note') this.#line(`note: ${news.text}`);
    else if (news.kind === 'done') {
      this.#jobs.delete(news.name);
      this.#line(`${news.name}: ${news.text}`);
    } else if (news.kind === 'data') {
      this.#data = news.done < news.total ? `${news.text} ${news.done}/${news.total}` : '';
      this.#draw();
    } else if (news.kind === 'job') {
      this.#part = `part ${news.index + 1} of ${news.total}`;
      this.#jobs.set(news.name, { name: news.name, text: '' });
      this.#draw();
    } else this.#engine(news.name, news.event);
  };

  #engine(name: string, event: Extract<TrainingNews, { kind: 'engine' }>['event']): void {
    const job = this.#jobs.get(name) ?? { name, text: '' };
    this.#jobs.set(name, job);
    if (event.event === 'progress') {
      const left = (event.total - event.step) / Math.max(event.stepsPerSecond, 1e-9);
      const loss = event.loss === null ? 'no number' : event.loss.toFixed(3);
      job.text = `step ${event.step}/${event.total} · loss ${loss} · ${event.stepsPerSecond.toFixed(1)} steps/s · ${Math.ceil(left)} s left`;
      if (event.step >= event.total) this.#jobs.delete(name);
    } else if (event.event === 'phase' && event.phase !== 'train') job.text = event.phase;
    else if (event.event === 'warning') this.#line(`note: ${name}: ${event.message}`);
    else if (event.event === 'done') this.#jobs.delete(name);
    this.#draw();
  }

  #draw(): void {
    const terminal = this.#context.console.errIsTerminal;
    const now = performance.now();
    if (now - this.#lastAt < (terminal ? redrawMs : lineMs)) return;
    const jobs = [...this.#jobs.values()].filter(({ text }) => text !== '').map(({ name, text }) => `${name}: ${text}`);
    const text = [this.#data, this.#part, ...jobs].filter((part) => part !== '').join(' | ');
    if (text === '' || text === this.#shown) return;
    this.#lastAt = now;
    this.#shown = text;
    const { err } = this.#context.console;
    if (terminal) err(`\r\u001B[2K${printable(text).slice(0, Math.max(20, this.#context.console.width - 1))}`);
    else err(`${printable(text)}\n`);
  }

  #line(text: string): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(0).padStart(4);
    this.#context.console.err(
      `${this.#context.console.errIsTerminal ? '\r\u001B[2K' : ''}[${seconds} s] ${printable(text)}\n`,
    );
    this.#shown = '';
  }

  end(): void {
    if (this.#shown !== '' && this.#context.console.errIsTerminal) this.#context.console.err('\n');
  }
}

/** Runs `work` with Ctrl-C saving a checkpoint first and ending at once the second time. */
export async function interruptible<T>(context: CliContext, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    context.note('\nSaving a checkpoint; press Ctrl-C again to end at once. The same command goes on from there.');
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
