import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Serving, ServedAnswer, ServedRequest } from '../workbench/serving/index.ts';
import { ApiError, badRequest, overloaded, toApiError } from './api-error.ts';
import { chatChunk, chatCompletion, type ChatHead, chatUsage, finishReason, pieces } from './chat-objects.ts';
import { type ChatFields, parseChat, settingsOf } from './chat-schema.ts';
import { openEventStream } from './event-stream.ts';
import type { FairQueue } from './fair-queue.ts';
import { readMessages } from './read-messages.ts';

export interface ChatRouteOptions {
  readonly serving: Serving;
  readonly queue: FairQueue;
  /** For a whole answer, its wait in the queue included. */
  readonly timeoutMs: number;
  readonly keepAliveMs: number;
  /** How long a streamed answer may take before its status is sent: until then failures have a status of their own. */
  readonly graceMs: number;
  readonly maxImageBytes: number;
  /** Requests in progress, so that the server can end them. */
  readonly active: Set<AbortController>;
}

/** What became of a request, for the log. */
export interface ChatEnd {
  id?: string;
  answers?: readonly ServedAnswer[];
  failure?: ApiError;
  gone?: boolean;
}

/** What a client has to read the error that ends a streamed answer. */
const lastWordsMs = 2000;

/** The client is not there any more; nobody is told. */
class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Answers one request of /chat/completions. Gives the object to send, undefined where it was streamed. */
export type ChatRoute = (
  body: unknown,
  http: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
  end: ChatEnd,
) => Promise<object | undefined>;

export function createChatRoute(options: ChatRouteOptions): ChatRoute {
  const { serving, queue, timeoutMs, active } = options;
  const fingerprint = `fp_${serving.fingerprint.slice(0, 12)}`;

  return async (body, { incoming, outgoing }, end) => {
    const abort = new AbortController();
    const { signal } = abort;
    const onClose = (): void => {
      if (!outgoing.writableFinished) abort.abort(new ClientGone('The client left before its answer was complete.'));
    };
    outgoing.once('close', onClose);
    // It may have left while its body was read.
    if (outgoing.destroyed) onClose();
    active.add(abort);
    let timer: NodeJS.Timeout | undefined;
    try {
      const fields = parseChat(body);
      const idempotencyKey = keyOf(incoming);
      const messages = await readMessages(fields.messages, { maxBytes: options.maxImageBytes });
      const request: ServedRequest = {
        messages,
        settings: settingsOf(fields),
        seed: fields.seed ?? undefined,
        idempotencyKey,
      };
      const identity = await serving.identify(request);
      end.id = identity.sampleId;
      const repeatable = identity.knownBy !== 'nothing';
      timer = setTimeout(() => {
        abort.abort(tooLate(timeoutMs, repeatable));
        // A reader that takes nothing would hold its connection for good.
        setTimeout(() => outgoing.writableFinished || outgoing.destroy(), lastWordsMs).unref();
      }, timeoutMs);

      const count = fields.n ?? 1;
      const places = queue.enter(clientOf(fields, incoming), count, signal);
      if (places === undefined) throw overloaded('Too many requests wait already.', 'queue_full');
      const choices = places.map(async (place, i) => {
        const release = await place;
        try {
          return await serving.answer(request, identity, i + 1, signal);
        } catch (error) {
          // The others of one request are worth nothing without it.
          abort.abort(error);
          throw error;
        } finally {
          release();
        }
      });
      const answers = Promise.all(choices);
      const head: ChatHead = {
        id: identity.sampleId,
        created: Math.floor(Date.now() / 1000),
        model: serving.name,
        system_fingerprint: fingerprint,
      };
      const done = answers.then((all) => void (end.answers = all));
      if (fields.stream === true) {
        if (!(await settlesWithin(done, options.graceMs))) done.catch(() => undefined);
        await stream(choices, { head, fields, outgoing, keepAliveMs: options.keepAliveMs, end });
        return undefined;
      }
      await done;
      return chatCompletion(head, await answers);
    } catch (error) {
      if (signal.aborted && signal.reason instanceof ClientGone) end.gone = true;
      throw end.gone === true ? signal.reason : error;
    } finally {
      clearTimeout(timer);
      active.delete(abort);
      outgoing.off('close', onClose);
    }
  };
}

/** True once it is fulfilled, false where it takes longer; throws what it was rejected with. */
async function settlesWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => void (timer = setTimeout(resolve, ms, false)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function stream(
  choices: readonly Promise<ServedAnswer>[],
  to: {
    readonly head: ChatHead;
    readonly fields: ChatFields;
    readonly outgoing: ServerResponse;
    readonly keepAliveMs: number;
    readonly end: ChatEnd;
  },
): Promise<void> {
  const { head, fields, outgoing, end } = to;
  const wantsUsage = fields.stream_options?.include_usage === true;
  const noUsage = wantsUsage ? null : undefined;
  const events = openEventStream(outgoing, { 'x-request-id': head.id }, to.keepAliveMs);
  const send = (value: object): Promise<void> => events.send(JSON.stringify(value));
  try {
    for (const index of choices.keys()) {
      const delta = { role: 'assistant', content: '', refusal: null } as const;
      await send(chatChunk(head, [{ index, delta, finish_reason: null }], noUsage));
    }
    const answers = await Promise.all(
      choices.map(async (choice, index) => {
        const answer = await choice;
        for (const content of pieces(answer.text)) {
          await send(chatChunk(head, [{ index, delta: { content }, finish_reason: null }], noUsage));
        }
        await send(chatChunk(head, [{ index, delta: {}, finish_reason: finishReason(answer.finishReason) }], noUsage));
        return answer;
      }),
    );
    if (wantsUsage) await send(chatChunk(head, [], chatUsage(answers.map(({ usage }) => usage))));
    await events.send('[DONE]');
  } catch (error) {
    // The status has been sent; the error is an event, as OpenAI's clients expect it.
    const failure = toApiError(error);
    end.failure = failure;
    await send(failure.body);
    if (error instanceof ClientGone) throw error;
  } finally {
    events.end();
  }
}

function keyOf(incoming: IncomingMessage): string | undefined {
  const key = incoming.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badRequest('Idempotency-Key has to be 1 to 255 visible ASCII characters.', null, 'invalid_idempotency_key');
  }
  return key;
}

/** Whose turn a request takes in the queue. */
function clientOf(fields: ChatFields, incoming: IncomingMessage): string {
  return fields.user == null ? `address ${incoming.socket.remoteAddress ?? ''}` : `user ${fields.user}`;
}

function tooLate(timeoutMs: number, repeatable: boolean): ApiError {
  return new ApiError(`There was no answer within ${timeoutMs / 1000} s.`, {
    status: 504,
    type: 'server_error',
    code: 'timeout',
    // Known again by seed or key, the next attempt goes on where this one ended; any other would begin anew.
    retry: repeatable,
  });
}
