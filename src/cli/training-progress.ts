import { curveText } from '../report/curves/curve-text.ts';
import type { CurvePoint } from '../report/curves/line-figure.ts';
import type { TrainingNews } from '../workbench/index.ts';
import type { CliContext } from './context.ts';
import { printable } from './console.ts';
import { duration } from './progress-line.ts';
import { TrainingBlock } from './training-block.ts';

const redrawMs = 150;
const lineMs = 5000;
const mostColumns = 72;

interface Job {
  readonly name: string;
  text: string;
  readonly losses: CurvePoint[];
}

type EngineEvent = Extract<TrainingNews, { kind: 'engine' }>['event'];

/**
 * Draws the news of a training. In a terminal: one line redrawn with the loss of the running job as a curve below it.
 * Elsewhere: plain lines. Finished parts are lines that stay.
 */
export class TrainingProgressView {
  readonly #context: CliContext;
  readonly #block: TrainingBlock | undefined;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #jobs = new Map<string, Job>();
  #data = '';
  #part = '';
  #shown = '';
  #lastAt = -Infinity;

  constructor(context: CliContext, now: () => number = () => performance.now()) {
    this.#context = context;
    this.#now = now;
    this.#startedAt = now();
    const { err, errIsTerminal } = context.console;
    this.#block = errIsTerminal ? new TrainingBlock(err) : undefined;
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
      this.#job(news.name);
      this.#draw();
    } else this.#engine(news.name, news.event);
  };

  #job(name: string): Job {
    const job = this.#jobs.get(name) ?? { name, text: '', losses: [] };
    this.#jobs.set(name, job);
    return job;
  }

  #engine(name: string, event: EngineEvent): void {
    const job = this.#job(name);
    if (event.event === 'progress') {
      const left = (event.total - event.step) / Math.max(event.stepsPerSecond, 1e-9);
      const loss = event.loss === null ? 'no number' : event.loss.toFixed(3);
      job.losses.push({ step: event.step, value: event.loss });
      job.text = `step ${event.step}/${event.total} · loss ${loss} · ${event.stepsPerSecond.toFixed(1)} steps/s · ${duration(left)} left`;
      if (event.step >= event.total) this.#jobs.delete(name);
    } else if (event.event === 'phase' && event.phase !== 'train') job.text = event.phase;
    else if (event.event === 'warning') this.#line(`note: ${name}: ${event.message}`);
    else if (event.event === 'done') this.#jobs.delete(name);
    this.#draw();
  }

  #draw(): void {
    const now = this.#now();
    if (now - this.#lastAt < (this.#block === undefined ? lineMs : redrawMs)) return;
    const jobs = [...this.#jobs.values()].filter(({ text }) => text !== '');
    const texts = jobs.map(({ name, text }) => `${name}: ${text}`);
    const text = printable([this.#data, this.#part, ...texts].filter((part) => part !== '').join(' | '));
    if (text === '' || text === this.#shown) return;
    this.#lastAt = now;
    this.#shown = text;
    if (this.#block === undefined) this.#context.console.err(`${text}\n`);
    else this.#block.show([text.slice(0, this.#columns), ...this.#curve(jobs)]);
  }

  get #columns(): number {
    // A pseudo-terminal that nobody has sized says 0.
    return Math.max(20, (this.#context.console.width || 80) - 1);
  }

  /** The losses so far of the job that runs longest, as lines; none before there is a course to see. */
  #curve(jobs: readonly Job[]): string[] {
    const job = jobs.find(({ losses }) => losses.filter(({ value }) => value !== null).length > 1);
    // What a script reads on stdout stays without company.
    if (job === undefined || this.#context.json) return [];
    const curve = curveText(job.losses, Math.min(this.#columns, mostColumns)).split('\n');
    return jobs.length > 1 ? [`loss of ${printable(job.name)}`.slice(0, this.#columns), ...curve] : curve;
  }

  #line(text: string): void {
    const line = `[${duration((this.#now() - this.#startedAt) / 1000)}] ${printable(text)}`;
    if (this.#block === undefined) this.#context.console.err(`${line}\n`);
    else this.#block.above(line);
    this.#shown = '';
  }

  /** Says something in between, which must not be drawn over. */
  note(text: string): void {
    this.#block?.clear();
    this.#shown = '';
    this.#context.note(text);
  }

  /** Takes away what is redrawn: whatever is written next begins on a line of its own. */
  end(): void {
    this.#block?.clear();
  }
}

/**
 * Runs `work` with a view of its progress. Ctrl-C saves a checkpoint first and ends at once the second time.
 */
export async function watched<T>(
  context: CliContext,
  work: (signal: AbortSignal, onNews: (news: TrainingNews) => void) => Promise<T>,
): Promise<T> {
  const view = new TrainingProgressView(context);
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    view.note('Saving a checkpoint; press Ctrl-C again to end at once. The same command goes on from there.');
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await work(controller.signal, view.onNews);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    view.end();
  }
}
