import { aroundCalls, type CallOptions, type GenerateResponse, type Model } from '../core/index.ts';
import type { Circuit } from './circuit.ts';
import type { Limiter } from './limiter.ts';
import { ModelError } from './model-error.ts';
import { redactOwnKeys } from './redact.ts';
import { createRetry, type Retry } from './retry.ts';

export interface EndpointWrap {
  /** Shared by all models of one endpoint. */
  readonly limiter: Limiter;
  readonly retry?: Retry | undefined;
  readonly circuit?: Circuit | undefined;
}

/** An endpoint that repeats a request's headers must not get the key into the journal. */
function withoutKeys(response: GenerateResponse): GenerateResponse {
  const text = redactOwnKeys(response.text);
  const reasoning = response.reasoning === undefined ? undefined : redactOwnKeys(response.reasoning);
  if (text === response.text && reasoning === response.reasoning) return response;
  return { ...response, text, ...(reasoning !== undefined && { reasoning }) };
}

/**
 * The same model behind its endpoint's gate: each attempt takes a place in the limiter, failed ones are made again.
 * A call that waits for its next attempt holds no place.
 */
export function limited(model: Model, { limiter, retry = createRetry(), circuit }: EndpointWrap): Model {
  async function attempt<T>(
    work: (options: CallOptions | undefined) => Promise<T>,
    call: CallOptions | undefined,
  ): Promise<T> {
    const closed = circuit?.check();
    if (closed !== undefined) throw closed;
    const place = limiter.acquire(call?.signal);
    const permit = place instanceof Promise ? await place : place;
    call?.onAdmitted?.();
    try {
      const result = await work(call);
      permit.release('success');
      circuit?.reached();
      return result;
    } catch (error) {
      if (error instanceof ModelError) {
        permit.release(error.kind === 'rate-limit' ? 'rate-limit' : 'other', error.retryAfterMs);
        if (error.kind !== 'connection') circuit?.reached();
        else if (error.code === 'model-unreachable') circuit?.unreachable(error);
      } else {
        permit.release('other');
      }
      throw error;
    }
  }

  const run = <T>(work: (options: CallOptions | undefined) => Promise<T>, call: CallOptions | undefined): Promise<T> =>
    retry(() => attempt(work, call), call);

  const behind = aroundCalls(model, run);
  return {
    ...behind,
    generate: async (request, call) => withoutKeys(await behind.generate(request, call)),
  };
}
