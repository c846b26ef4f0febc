import { randomBytes } from 'node:crypto';
import {
  canonicalGenerate,
  createRandom,
  type GenerationSettings,
  type Message,
  sha256,
  storedMessages,
} from '../../core/index.ts';

/** One question of a client, as a method can answer it. */
export interface ServedRequest {
  readonly messages: readonly Message[];
  /** What the client set, the seed apart. */
  readonly settings: Omit<GenerationSettings, 'seed'>;
  readonly seed?: number | undefined;
  /** The client's own name for this request: sent again, it is the same request. */
  readonly idempotencyKey?: string | undefined;
}

/** What a request is called in the run, and the seed that it is answered with. */
export interface RequestIdentity {
  readonly sampleId: string;
  readonly seed: number;
  /** sha256 of messages, settings and the seed that the client set; empty for what is not known again. */
  readonly requestHash: string;
  /** By what an equal request of another time is known to be this one again. */
  readonly knownBy: 'idempotency-key' | 'seed' | 'nothing';
}

/**
 * A request with an idempotency key is known by it, one with a seed by all that it holds; any other is new each time.
 * The seed of a request that sets none follows from its name, so that a repeated one asks the same of the model;
 * at temperature 0 it is `usualSeed`, so that equal requests can be answered from other runs' journals.
 */
export async function identifyRequest(request: ServedRequest, usualSeed: number): Promise<RequestIdentity> {
  const { messages, settings, seed, idempotencyKey } = request;
  const named = (sampleId: string): Pick<RequestIdentity, 'sampleId' | 'seed'> => ({
    sampleId,
    seed: seed ?? (settings.temperature === 0 ? usualSeed : createRandom(sampleId).integer(2 ** 31)),
  });
  if (idempotencyKey === undefined && seed === undefined) {
    return { ...named(`chatcmpl-${randomBytes(12).toString('hex')}`), requestHash: '', knownBy: 'nothing' };
  }
  const stored = await storedMessages(messages, async () => undefined);
  const requestHash = sha256(
    canonicalGenerate({ ...settings, ...(seed === undefined ? {} : { seed }), messages }, stored),
  );
  const knownBy = idempotencyKey === undefined ? 'seed' : 'idempotency-key';
  const name = sha256(idempotencyKey === undefined ? `request\n${requestHash}` : `key\n${idempotencyKey}`);
  return { ...named(`chatcmpl-${name.slice(0, 24)}`), requestHash, knownBy };
}
