import type { Progress } from '../core/index.ts';
import { printable } from './console.ts';

export interface ProgressView {
  readonly progress: Progress;
  /** The limiters' states, for the line's last part. */
  readonly limits: () => readonly { readonly limit: number; readonly inFlight: number; readonly queued: number }[];
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly columns: () => number;
  readonly now?: () => number;
}

/** A terminal is redrawn so often, at most. */
const redrawMs = 150;
/** Elsewhere a line is written so often, at most. */
const lineMs = 5000;

/** "41 s", "1 min 41 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds <= 59) return `${Math.ceil(seconds)} s`;
  // Rounded first: 119.6 s are 2 min 0 s, not 1 min 60 s.
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function count(n: number): string {
  if (n < 10_000) return String(n);
  if (n < 1e6) return `${(n / 1e3).toFixed(n < 1e5 ? 1 : 0)}k`;
  return `${(n / 1e6).toFixed(1)}M`;
}

/** The words of one progress line: done, rate, in flight, limit, tokens, money, time left. */
export function progressText(
  progress: Progress,
  limits: ReturnType<ProgressView['limits']>,
  elapsedSeconds: number,
  samplesPerSecond: number,
): string {
  const done = progress.completed + progress.failed + progress.skipped;
  const parts: string[] = [];
  parts.push(
    progress.total === undefined
      ? `${done} done`
      : `${done}/${progress.total} (${progress.total === 0 ? 100 : Math.floor((100 * done) / progress.total)} %)`,
  );
  parts.push(`${samplesPerSecond.toFixed(samplesPerSecond < 10 ? 1 : 0)}/s`);
  const limit = limits.reduce((sum, state) => sum + state.limit, 0);
  const inFlight = limits.reduce((sum, state) => sum + state.inFlight, 0);
  parts.push(limits.length > 0 ? `${inFlight} in flight, limit ${Math.floor(limit)}` : `${progress.running} running`);
  if (progress.failed > 0) parts.push(`${progress.failed} failed`);
  if (progress.wastedCalls > 0) parts.push(`${progress.wastedCalls} retried`);
  if (progress.replayedCalls > 0) parts.push(`${count(progress.replayedCalls)} replayed`);
  parts.push(`${count(progress.inputTokens)} in + ${count(progress.outputTokens)} out tokens`);
  if (progress.cost > 0) parts.push(`${progress.cost.toFixed(progress.cost < 1 ? 4 : 2)} spent`);
  if (progress.total !== undefined && samplesPerSecond > 0 && done < progress.total) {
    parts.push(`${duration((progress.total - done) / samplesPerSecond)} left`);
  } else {
    parts.push(duration(elapsedSeconds));
  }
  return parts.join(' · ');
}

/** Draws a run's progress until `end` is called: one line redrawn in a terminal, plain lines elsewhere. */
export function drawProgress(view: ProgressView): { end(): void } {
  const { progress, write, isTerminal } = view;
  const now = view.now ?? (() => performance.now());
  const startedAt = now();
  let lastText = '';
  let saidProblem: string | undefined;
  // Rate over the last while, so that the time left follows what happens now.
  let rate = 0;
  let lastDone = 0;
  let lastAt = startedAt;

  const draw = (final: boolean): void => {
    const at = now();
    const done = progress.completed + progress.failed;
    if (at > lastAt) {
      const current = ((done - lastDone) * 1000) / (at - lastAt);
      rate = lastAt === startedAt ? current : rate * 0.8 + current * 0.2;
      lastDone = done;
      lastAt = at;
    }
    const elapsed = (at - startedAt) / 1000;
    const shown = final && elapsed > 0 ? done / elapsed : rate;
    const text = progressText(progress, view.limits(), elapsed, shown);
    if (text === lastText) return;
    lastText = text;
    if (isTerminal) write(`\r\u001B[2K${text.slice(0, Math.max(20, view.columns() - 1))}${final ? '\n' : ''}`);
    else write(`${text}\n`);
    // A run that only retries would otherwise not say why.
    const problem = progress.lastProblem;
    if (problem !== undefined && problem !== saidProblem && rate === 0) {
      saidProblem = problem;
      write(`${isTerminal ? '\n' : ''}retrying: ${printable(problem)}\n`);
    }
  };

  const timer = setInterval(() => draw(false), isTerminal ? redrawMs : lineMs);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      draw(true);
    },
  };
}
