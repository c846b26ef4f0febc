import { cleanText } from '../clean-text.ts';
import { ModelError } from '../model-error.ts';

/** What undici or the socket reports, as an error that says what to do. */
export function connectionError(
  error: Error & { code?: string; cause?: unknown },
  target: {
    readonly origin: string;
    readonly timeoutMs?: number;
    readonly stallMs?: number;
    readonly connectTimeoutMs?: number;
  },
): ModelError {
  const { origin } = target;
  const code = error.code ?? nestedCode(error) ?? '';
  const lost = (message: string, hint?: string): ModelError =>
    new ModelError(message, { code: 'model-unreachable', kind: 'connection', where: origin, hint, cause: error });
  const late = (message: string): ModelError =>
    new ModelError(message, {
      code: 'model-timeout',
      kind: 'timeout',
      where: origin,
      hint: 'Raise "timeoutSeconds" of the endpoint in fettle.config.json, or lower --concurrency.',
      cause: error,
    });
  switch (code) {
    case 'UND_ERR_HEADERS_TIMEOUT':
      return late(`No answer from ${origin} ${within(target.timeoutMs)}.`);
    case 'UND_ERR_BODY_TIMEOUT':
      return late(
        `The answer of ${origin} stood still${target.stallMs === undefined ? '' : ` for ${target.stallMs / 1000} s`}.`,
      );
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return lost(`No connection to ${origin} ${within(target.connectTimeoutMs)}.`);
    case 'ECONNREFUSED':
      return lost(`Nothing listens at ${origin}.`, 'Start the server, or correct the address and port.');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return lost(`The host of ${origin} is not known.`, 'Check the spelling of the address, and the network.');
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return new ModelError(`The connection to ${origin} was cut before the answer was complete.`, {
        code: 'model-connection-cut',
        kind: 'connection',
        where: origin,
        cause: error,
      });
    default:
      if (code.startsWith('HPE_')) {
        return lost(`What ${origin} answers is not HTTP.`, 'Check the port, and whether it expects https.');
      }
      if (/CERT|SSL|TLS|SELF_SIGNED|ALTNAME/.test(code)) {
        const hint = 'Name the certificate authority in NODE_EXTRA_CA_CERTS, or use http for a local server.';
        return new ModelError(`The certificate or TLS of ${origin} was not accepted (${code}).`, {
          code: 'model-unreachable',
          kind: 'connection',
          retryable: false,
          where: origin,
          hint,
          cause: error,
        });
      }
      return lost(`The call to ${origin} failed: ${cleanText(error.message)}`);
  }
}

function nestedCode(error: { cause?: unknown; errors?: unknown }): string | undefined {
  const inner = Array.isArray(error.errors) ? error.errors[0] : error.cause;
  return typeof inner === 'object' && inner !== null && 'code' in inner ? String(inner.code) : undefined;
}

function within(ms: number | undefined): string {
  return ms === undefined ? 'in time' : `within ${ms / 1000} s`;
}
