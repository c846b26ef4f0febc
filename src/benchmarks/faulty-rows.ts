import { type DataFault, FettleError } from '../core/index.ts';

export function placeOf({ file, line }: DataFault): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** A fault as the error that ends the reading. */
export function faultError(fault: DataFault, advice: string): FettleError {
  const where = placeOf(fault);
  return new FettleError(`${where}: ${fault.message}`, {
    code: 'data-invalid',
    where,
    hint: fault.hint === undefined ? advice : `${fault.hint} ${advice}`,
  });
}

/** For benchmarks that have the option `faults`: `stop` ends at the first fault, `skip` leaves the row out. */
export function refuseRow(fault: DataFault): never {
  throw faultError(fault, '`fettle data check` lists every fault; --option faults=skip leaves such rows out.');
}

/** What a reader should know of rows that were left out; nothing where none was. */
export function skippedNotes(faults: readonly DataFault[]): string[] {
  if (faults.length === 0) return [];
  const shown = faults.slice(0, 3).map((fault) => `${placeOf(fault)}: ${fault.message}`);
  const rows = faults.length === 1 ? 'row' : 'rows';
  return [`${faults.length} faulty ${rows} left out: ${shown.join('; ')}${faults.length > shown.length ? '; …' : ''}`];
}

/** The error of a set all of whose rows are faulty. */
export function noUsableRows(what: string, location: string, faults: readonly DataFault[]): FettleError {
  const [first] = faults;
  return new FettleError(`${what} has no rows that can be used.`, {
    code: 'data-invalid',
    where: first === undefined ? location : placeOf(first),
    hint: first?.message,
  });
}
