/** How many calls an endpoint bears at once, learnt from what it refuses. */
export interface CongestionWindow {
  /** At least 1, at most max; may be a fraction. */
  readonly limit: number;
  /** Counts the decreases: a refusal of a call that began in an earlier era says nothing new. */
  readonly era: number;
  /** How long a call lasts lately. */
  readonly latencyMs: number;
  /** How long the place of a refused call rests. */
  readonly restMs: number;
  succeeded(now: number, latencyMs: number, inFlight: number, othersWait: boolean): void;
  /**
   * @param accepted calls in flight that were not refused
   * @param pauseMs what the refusal costs, where the endpoint asked to be left alone
   */
  refused(now: number, era: number, accepted: number, pauseMs: number): void;
}

/** A refusal takes at least and at most this part of the limit. */
const leastDecrease = 0.04;
const mostDecrease = 0.5;
/** The same where a refusal makes the endpoint pause and a lower limit prevents that. */
const pauseDecrease = 0.1;
/** Growth with a success near the ceiling: two of a hundred in a window of successes. */
const firstStep = 0.02;
/** How fast growth rises with the distance above the last known ceiling, which must have risen. */
const acceleration = 32;
/** What is tried at once when an endpoint that refused everything answers again. */
const afterOutage = 0.9;
/** Up to this part of the last known ceiling the limit comes back fast, a third of the way a window. */
const nearCeiling = 0.95;
/** Bounds of how long the ceiling is left alone after a pause, in pauses. */
const shortestHold = 0.5;
const longestHold = 8;

/**
 * The control loop of TCP over calls instead of packets (Jacobson 1988; AIMD after Chiu and Jain 1989):
 * the limit grows by one a success until the first refusal (slow start), then by a fiftieth a window of successes;
 * a refusal shrinks it once a window. What differs, because capacities of endpoints jump and refusals are cheap:
 * - it shrinks to what is in flight unrefused, which measures the capacity, within bounds;
 * - growth is faster far below the last known ceiling and the further above it the limit gets, so that a risen
 *   capacity is found in logarithmic time (as in the two branches of CUBIC, RFC 9438);
 * - where going beyond the ceiling makes the endpoint pause, that is tried more rarely, in proportion to the pause;
 * - growth counts only while the limit is what holds calls back.
 */
export function createWindow(options: { readonly max: number; readonly start: number }): CongestionWindow {
  const max = Math.max(1, options.max);
  let limit = Math.min(max, Math.max(1, options.start));
  let threshold = Infinity;
  let ceiling = Infinity;
  let holdUntil = -Infinity;
  let hold = 1;
  let era = 0;
  let latencyMs = 100;
  let refusalsInRow = 0;
  let beforeRefusals = limit;
  let lastSuccessAt = Infinity;
  let outage = false;
  let floor = 1;

  return {
    get limit() {
      return limit;
    },
    get era() {
      return era;
    },
    get latencyMs() {
      return latencyMs;
    },
    get restMs() {
      const typical = Math.min(500, Math.max(20, latencyMs));
      return limit > 1 ? typical : Math.min(300, typical * 2 ** Math.min(refusalsInRow, 8));
    },
    succeeded(now, latency, inFlight, othersWait) {
      latencyMs += (latency - latencyMs) * 0.1;
      refusalsInRow = 0;
      lastSuccessAt = now;
      if (outage) {
        outage = false;
        limit = Math.max(limit, beforeRefusals * afterOutage);
        threshold = limit;
        return;
      }
      if (!othersWait && inFlight < limit * 0.9) return;
      if (limit < threshold) {
        limit = Math.min(max, limit + 1);
        return;
      }
      const near = ceiling * nearCeiling;
      const most = now < holdUntil ? Math.max(limit, Math.min(max, near)) : max;
      const pace = limit < near ? (near - limit) / limit / 3 : (limit / ceiling - 1) * acceleration;
      limit = Math.min(most, limit + Math.min(1, Math.max(firstStep, pace)));
    },
    refused(now, refusedEra, accepted, pauseMs) {
      refusalsInRow += 1;
      if (refusalsInRow === 1) beforeRefusals = limit;
      outage ||= refusalsInRow > 2 && now - lastSuccessAt > 2 * latencyMs;
      if (refusedEra === era) {
        era += 1;
        if (pauseMs > 0) {
          // Refused for going beyond the ceiling: leave it alone for longer. Refused below it: holding back is no help,
          // as where so many calls a minute are allowed, however few are in flight.
          hold = limit > ceiling ? Math.min(longestHold, hold * 4) : Math.max(shortestHold, hold / 2);
          holdUntil = now + pauseMs * (1 + hold);
        }
        ceiling = limit;
        floor = Math.max(1, limit * (1 - mostDecrease));
        limit = Math.max(1, limit * (1 - (pauseMs > 0 ? pauseDecrease * Math.min(1, hold) : leastDecrease)));
      } else if (refusedEra !== era - 1 || pauseMs > 0) {
        // With a pause, later refusals of the same window find fewer in flight because nothing new may start.
        return;
      }
      limit = Math.max(floor, Math.min(limit, accepted));
      threshold = limit;
    },
  };
}
