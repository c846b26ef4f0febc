/** The command as it was typed, for records: words that a shell would read otherwise are quoted. */
export function commandLine(): string {
  return ['fettle', ...process.argv.slice(2)].map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
