import { hash } from 'node:crypto';

const longest = 160;

/**
 * A sample's id within the log: unique over tasks, safe as part of a member's name.
 * `/` and `_epoch_` would break Inspect's listing of members, so both are written with percent signs (`%2F`), as are
 * percent signs, backslashes and control characters. A very long id keeps its beginning and a hash.
 */
export function inspectSampleId(task: string, id: string, manyTasks: boolean): string {
  const whole = (manyTasks ? `${task}:${id}` : id).toWellFormed();
  // eslint-disable-next-line no-control-regex
  const safe = whole.replace(/[%/\\\u0000-\u001f\u007f-\u009f]/g, percent).replaceAll('_epoch_', '_epoch%5F');
  return safe.length <= longest
    ? safe
    : `${safe.slice(0, longest).toWellFormed()}~${hash('sha256', whole).slice(0, 16)}`;
}

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
