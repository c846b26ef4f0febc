import { FettleError, type DataFault } from '../../core/index.ts';

export interface RowFault {
  readonly message: string;
  readonly line?: number | undefined;
  /** From 1, in characters. */
  readonly column?: number | undefined;
  readonly hint?: string | undefined;
  /** Default `data-invalid`. */
  readonly code?: string | undefined;
}

/** A fault as an exception: `where` is `file:line:column`. */
export function rowError(label: string, { message, line, column, hint, code = 'data-invalid' }: RowFault): FettleError {
  const where = [label, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
  return new FettleError(line === undefined ? `${label}: ${message}` : `${label}, line ${line}: ${message}`, {
    code,
    where,
    hint,
  });
}

/** Hands a fault to the collector, or throws it where there is none. */
export function report(label: string, fault: RowFault, onFault: ((fault: DataFault) => void) | undefined): void {
  if (onFault === undefined) throw rowError(label, fault);
  onFault({
    file: label,
    severity: 'error',
    message: fault.column === undefined ? fault.message : `${fault.message} (column ${fault.column})`,
    ...(fault.line === undefined ? {} : { line: fault.line }),
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
  });
}
