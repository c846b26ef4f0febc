import type { FettleError } from '../../core/index.ts';
import { type EngineEvent, eventSchema } from '../protocol/index.ts';
import { protocolError } from './failures.ts';

/** A line may hold the outputs of a whole batch; beyond this something is wrong with the writer. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Turns the bytes of the engine's stdout into events. Whatever is not the protocol (other text, an unknown
 * event, a gap in `seq`) is reported once to `onFault`, and nothing after it is read.
 */
export function eventReader(listener: {
  onEvent(event: EngineEvent): void;
  onFault(error: FettleError): void;
}): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let bytes = 0;
  let next = 0;
  let broken = false;

  const fault = (error: FettleError): void => {
    broken = true;
    parts = [];
    listener.onFault(error);
  };

  const line = (text: string): void => {
    if (text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return fault(protocolError(`wrote a line that is not JSON: ${excerpt(text)}`));
    }
    const parsed = eventSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return fault(
        protocolError(
          `wrote an event that does not fit the protocol (${issue?.path.join('.') || 'line'}: ${issue?.message}): ${excerpt(text)}`,
        ),
      );
    }
    const event = parsed.data;
    if (event.seq !== next) {
      return fault(protocolError(`lost events: number ${event.seq} came where ${next} was due`));
    }
    next += 1;
    listener.onEvent(event);
  };

  return (chunk) => {
    let rest = chunk;
    while (!broken) {
      const end = rest.indexOf(10);
      if (end === -1) break;
      parts.push(rest.subarray(0, end));
      const text = Buffer.concat(parts).toString('utf8');
      parts = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
      line(text);
    }
    if (broken || rest.length === 0) return;
    parts.push(rest);
    bytes += rest.length;
    if (bytes > mostBytes) fault(protocolError(`wrote a line of more than ${mostBytes / 1024 / 1024} MiB`));
  };
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
