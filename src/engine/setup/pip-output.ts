/** What pip is at, read from its lines with `--progress-bar raw`. */
export type PipProgress =
  | { readonly kind: 'note'; readonly text: string }
  | {
      readonly kind: 'download';
      readonly file: string;
      readonly bytes: number;
      /** Null where the server does not say. */
      readonly total: number | null;
      /** Bytes of all files so far, this one included. */
      readonly sum: number;
    };

/** Reads pip's output line by line. */
export function pipOutput(onProgress: (progress: PipProgress) => void): (line: string) => void {
  let file = '';
  let bytes = 0;
  let finished = 0;

  const nextFile = (name: string): void => {
    finished += bytes;
    bytes = 0;
    file = name;
  };

  return (line) => {
    const raw = /^\s*Progress (\d+)(?: of (\d+))?\s*$/.exec(line);
    if (raw !== null) {
      bytes = Number(raw[1]);
      const total = Number(raw[2] ?? 0);
      onProgress({ kind: 'download', file, bytes, total: total === 0 ? null : total, sum: finished + bytes });
      return;
    }
    // The name ends the line, or its size in brackets does.
    const download = /^\s*Downloading (\S+?)(?: \(([\d.]+ ?[kMG]?B)\))?\s*$/.exec(line);
    if (download !== null) {
      const name = (download[1] ?? '').split('/').at(-1) ?? '';
      // Files of metadata are small and many.
      nextFile(name);
      if (!name.endsWith('.metadata')) {
        onProgress({ kind: 'note', text: `Fetching ${name}${download[2] === undefined ? '' : ` (${download[2]})`}` });
      }
      return;
    }
    const installing = /^\s*Installing collected packages: (.*)$/.exec(line);
    if (installing !== null) {
      const count = (installing[1] ?? '').split(',').length;
      onProgress({ kind: 'note', text: `Unpacking ${count} package${count === 1 ? '' : 's'}` });
    }
  };
}
