import { type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { errorMessage } from '../core/index.ts';
import { redact } from '../models/index.ts';
import type { Serving } from '../workbench/serving/index.ts';
import type { Access } from './access.ts';
import { ApiError, overloaded, toApiError } from './api-error.ts';
import type { ChatEnd, ChatRoute } from './chat-route.ts';
import { readBody } from './read-body.ts';
import type { RequestLog } from './request-log.ts';

export interface AppOptions {
  readonly serving: Pick<Serving, 'name' | 'run'>;
  readonly access: Access;
  readonly chat: ChatRoute;
  readonly maxBodyBytes: number;
  readonly isDraining: () => boolean;
  readonly onLog: (log: RequestLog) => void;
}

type Env = { Bindings: HttpBindings; Variables: { end: ChatEnd } };

/** The routes. Whatever fails is told in OpenAI's form. */
export function createApp(options: AppOptions): Hono<Env> {
  const { serving, access, chat, isDraining, onLog } = options;
  const app = new Hono<Env>();

  const failed = (c: Context<Env>, error: unknown): Response => {
    const end = c.get('end');
    if (end.gone === true) return RESPONSE_ALREADY_SENT;
    const failure = toApiError(error);
    end.failure = failure;
    if (failure.options.status === 413 || isDraining()) c.header('connection', 'close');
    return c.json(failure.body, failure.options.status as ContentfulStatusCode, failure.headers);
  };

  app.use(async (c, next) => {
    const begin = performance.now();
    const end: ChatEnd = {};
    c.set('end', end);
    await next();
    onLog(logOf(c, end, performance.now() - begin));
  });
  app.onError((error, c) => failed(c, error));
  app.notFound((c) =>
    failed(
      c,
      new ApiError(
        `There is no ${c.req.method} ${c.req.path} here. There are POST /v1/chat/completions and GET /v1/models.`,
        {
          status: 404,
          type: 'not_found_error',
          code: 'unknown_url',
        },
      ),
    ),
  );

  app.get('/health', (c) => c.json({ status: isDraining() ? 'draining' : 'ok' }, isDraining() ? 503 : 200));

  app.use('/v1/*', async (c, next) => {
    access.check({ authorization: c.req.header('authorization'), host: c.req.header('host') });
    c.header('x-fettle-run', serving.run.id);
    await next();
  });

  const model = {
    id: serving.name,
    object: 'model',
    created: Math.floor(serving.run.createdAt / 1000),
    owned_by: 'fettle',
  };
  app.get('/v1/models', (c) => c.json({ object: 'list', data: [model] }));
  app.get('/v1/models/:model{.+}', (c) => {
    if (c.req.param('model') === model.id) return c.json(model);
    throw new ApiError('There is no such model here; GET /v1/models names the one there is.', {
      status: 404,
      type: 'not_found_error',
      param: 'model',
      code: 'model_not_found',
    });
  });

  app.post(
    '/v1/chat/completions',
    async (c, next) => {
      if (isDraining()) throw overloaded('The server is going down.', 'shutting_down');
      // A page in a browser can send other types to this machine without being asked first; this one it cannot.
      if (!/^application\/json\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
        throw new ApiError('The Content-Type has to be application/json.', {
          status: 415,
          type: 'invalid_request_error',
          code: 'unsupported_media_type',
        });
      }
      await next();
    },
    async (c) => {
      const end = c.get('end');
      const answer = await chat(await readBody(c.env.incoming, options.maxBodyBytes), c.env, end);
      if (answer === undefined) return RESPONSE_ALREADY_SENT;
      if (end.id !== undefined) c.header('x-request-id', end.id);
      return c.json(answer);
    },
  );
  return app;
}

function logOf(c: Context<Env>, end: ChatEnd, milliseconds: number): RequestLog {
  const { id, answers, failure, gone } = end;
  let [calls, replayedCalls, promptTokens, completionTokens] = [0, 0, 0, 0];
  for (const { usage } of answers ?? []) {
    calls += usage.calls;
    replayedCalls += usage.replayedCalls;
    promptTokens += usage.inputTokens;
    completionTokens += usage.outputTokens;
  }
  const cause = failure?.cause;
  return {
    method: c.req.method,
    path: c.req.path,
    status: gone === true ? 499 : (failure?.options.status ?? c.res.status),
    milliseconds: Math.round(milliseconds),
    ...(id === undefined ? {} : { id }),
    ...(answers === undefined ? {} : { calls, replayedCalls, promptTokens, completionTokens }),
    ...(failure === undefined ? {} : { error: failure.options.code ?? failure.options.type }),
    ...(cause === undefined || gone === true ? {} : { cause: redact(causeText(cause)) }),
  };
}

/** For the log: what is wrong, and what whoever runs the server can do about it. */
function causeText(cause: unknown): string {
  const hint = typeof cause === 'object' && cause !== null && 'hint' in cause ? cause.hint : undefined;
  return typeof hint === 'string' ? `${errorMessage(cause)} ${hint}` : errorMessage(cause);
}
